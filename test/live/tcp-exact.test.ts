import { existsSync } from "node:fs";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { TrafficProgram } from "../traffic/build.js";
import { expectClosedRow, expectOpenRow } from "./exactness.js";
import { isPossibleHere } from "./possible-here.js";
import { START_NOTICES } from "./start-notices.js";
import { startTcptop, type Tcptop } from "./tcptop.js";
import { startTraffic, type Traffic, type TrafficArguments } from "./traffic.js";

// Both ends, to the byte, with the right owner: while the connection is open, and in its last row.

let tcptop: Tcptop;
const running = new Set<Traffic>();

beforeAll(async () => {
  tcptop = await startTcptop();
});

afterEach(async () => {
  for (const traffic of running) await traffic.end();
  running.clear();
});

afterAll(async () => {
  expect(await tcptop.stop()).toEqual({ status: 0, stderr: START_NOTICES });
});

async function start(
  program: TrafficProgram,
  caseName: string,
  args: TrafficArguments = {},
): Promise<Traffic> {
  const traffic = await startTraffic(program, caseName, args);
  running.add(traffic);
  return traffic;
}

type HeldCase = readonly [TrafficProgram, string, TrafficArguments];

/** Debian 11's kernel is built without. */
const MPTCP_CASES: readonly (readonly [TrafficProgram, string, TrafficArguments])[] = existsSync(
  "/proc/sys/net/mptcp",
)
  ? [
      ["mptcp", "mptcp", {}],
      ["mptcp", "mptcp-fallback", {}],
      ["mptcp", "mptcp-fallback-client", {}],
    ]
  : [];

const HELD: readonly HeldCase[] = [
  ["plain", "send", {}],
  ["plain", "ipv6", {}],
  ["plain", "v4mapped", {}],
  ["receive", "peek", {}],
  ["receive", "waitall", {}],
  ["receive", "bigbuf", {}],
  ["receive", "eagain", {}],
  ["receive", "eagain", { end: "reset" }],
  ["zerocopy", "sendfile", {}],
  ["zerocopy", "splice", {}],
  ["zerocopy", "zerocopy", {}],
  ["zerocopy", "zerocopy-receive", {}],
  ["uring", "io_uring", {}],
  ["uring", "io_uring", { mode: "direct" }],
  ["uring", "io_uring", { mode: "sqpoll" }],
  ["ending", "halfclose", {}],
  ["ending", "orphan", {}],
  ["ending", "rst-client", {}],
  ["ending", "rst-server", {}],
  ["ending", "rst-unread", {}],
  ["ending", "rst-unread", { side: "server" }],
  ["ending", "kill9", {}],
  ["ending", "kill9", { side: "server" }],
  ["ending", "kill9", { unread: 777 }],
  ["ending", "kill9", { side: "server", unread: 777 }],
  ...MPTCP_CASES,
  ["workers", "workers4", {}],
  ["handover", "scm", {}],
  ["handover", "scm", { quiet: 1 }],
  ["handover", "gone", {}],
  ["workers", "prefork", {}],
];

describe("open, and closed", () => {
  test.each(HELD.filter(([, caseName, args]) => isPossibleHere(caseName, args)))(
    "%s %s %o",
    async (program, caseName, args) => {
      const traffic = await start(program, caseName, args);
      const frame = await tcptop.nextFrame();
      for (const end of traffic.endpoints()) if (end.state !== null) expectOpenRow(frame, end);
      for (const end of await traffic.close()) await expectClosedRow(tcptop, end);
    },
  );
});
