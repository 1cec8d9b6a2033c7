import { afterAll, beforeAll, expect, test } from "vitest";
import { expectOpenRow, rowOf } from "../live/exactness.js";
import { expectClosedRowByNetlink } from "../live/netlink-exactness.js";
import { trafficOfTest } from "../live/of-test.js";
import { isPossibleHere } from "../live/possible-here.js";
import { START_NOTICES } from "../live/start-notices.js";
import { startTcptop, type Tcptop } from "../live/tcptop.js";
import type { TrafficArguments } from "../live/traffic.js";
import type { TrafficProgram } from "../traffic/build.js";

// What netlink-rung.test.ts holds of open and closed connections, for both rungs that read sock_diag.

let tcptop: Tcptop;

beforeAll(async () => {
  tcptop = await startTcptop();
});

afterAll(async () => {
  expect(await tcptop.stop()).toEqual({ status: 0, stderr: START_NOTICES });
});

const HELD: readonly (readonly [TrafficProgram, string, TrafficArguments])[] = [
  ["plain", "send", {}],
  ["plain", "ipv6", {}],
  ["plain", "v4mapped", {}],
  ["receive", "peek", {}],
  ["receive", "eagain", {}],
  ["zerocopy", "sendfile", {}],
  ["zerocopy", "zerocopy", {}],
  ["ending", "halfclose", {}],
  ["ending", "orphan", {}],
  ["ending", "rst-client", {}],
  ["ending", "rst-unread", { side: "server" }],
  ["ending", "kill9", {}],
  ["mptcp", "mptcp", {}],
  ["workers", "workers4", {}],
];

const possible = HELD.filter(([, caseName, args]) => isPossibleHere(caseName, args));

test.for(possible)("open, and closed > %s %s %o", async ([program, caseName, args], { annotate }) => {
  const traffic = await trafficOfTest(program, caseName, args);
  const ends = traffic.endpoints().filter(({ state }) => state !== null);
  // Who holds what is asked for when there are new sockets, and after a while.
  await tcptop.frameWhere((frame) => ends.every((end) => rowOf(frame, end)?.pid === end.pid));
  const frame = await tcptop.nextFrame();
  for (const end of ends) expectOpenRow(frame, end);
  for (const end of await traffic.close()) await expectClosedRowByNetlink(tcptop, end);
  await annotate("rx_bytes of a row that closed may be off by 1: the peer's FIN", "limit");
});
