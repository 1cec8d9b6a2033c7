import { afterAll, beforeAll, expect, test } from "vitest";
import { connectNetns } from "./netns.js";
import { netnsOfTest } from "./of-test.js";
import { startTcptop, type Tcptop } from "./tcptop.js";
import { expectClosedUdpRows, expectOpenUdpRows } from "./udp-exactness.js";
import { udpTrafficOfTest } from "./udp-traffic.js";

let tcptop: Tcptop;

beforeAll(async () => {
  tcptop = await startTcptop();
});

afterAll(async () => {
  expect(await tcptop.stop()).toEqual({ status: 0, stderr: "" });
});

test("multicast on loopback: the group is one peer, and each member receives", async () => {
  const traffic = await udpTrafficOfTest("multicast", {}, { netns: netnsOfTest().name });
  expectOpenUdpRows(await tcptop.nextFrame(), traffic.endpoints());
  await expectClosedUdpRows(tcptop, await traffic.close());
});

test.each([{ connect: 0 }, { connect: 1 }])("between two network namespaces %o", async (args) => {
  const [first, second] = [netnsOfTest(), netnsOfTest()];
  const { secondAddr } = connectNetns(first, second);
  const places = { client_netns: first.name, server_netns: second.name, server_addr: secondAddr };
  const traffic = await udpTrafficOfTest("sendto", { ...args, ...places });
  expectOpenUdpRows(await tcptop.nextFrame(), traffic.endpoints());
  await expectClosedUdpRows(tcptop, await traffic.close());
});
