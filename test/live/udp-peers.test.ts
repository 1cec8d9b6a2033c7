import { expect, test } from "vitest";
import { tcptopOfTest } from "./of-test.js";
import { expectClosedUdpRows, expectOpenUdpRows } from "./udp-exactness.js";
import { udpTrafficOfTest } from "./udp-traffic.js";

test("one socket with 10,000 peers", async () => {
  const tcptop = await tcptopOfTest(["-d", "1"]);
  const traffic = await udpTrafficOfTest("peers");
  expect(traffic.endpoints()).toHaveLength(10_100);
  expectOpenUdpRows(await tcptop.nextFrame(), traffic.endpoints());
  await expectClosedUdpRows(tcptop, await traffic.close());
});
