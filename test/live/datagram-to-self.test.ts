import { expect, test } from "vitest";
import { sendDatagramToSelf } from "../../src/linux/datagram-to-self.js";

test("a datagram to oneself comes over loopback", () => {
  expect(sendDatagramToSelf()).toBe(true);
});
