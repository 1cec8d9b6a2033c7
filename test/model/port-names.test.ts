import { expect, test } from "vitest";
import { nameOfPort, PORT_NAMES, portOfName } from "../../src/model/port-names.js";

test("services and their ports find each other", () => {
  expect([portOfName("https"), portOfName("HTTPS"), nameOfPort(443)]).toEqual([443, 443, "https"]);
  expect([portOfName("constructor"), nameOfPort(4711)]).toEqual([undefined, null]);
  expect(PORT_NAMES.map((name) => nameOfPort(portOfName(name) ?? -1))).toEqual(PORT_NAMES);
});
