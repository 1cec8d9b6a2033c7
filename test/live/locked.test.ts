import { beforeEach, describe, expect, test } from "vitest";
import { expectClosedRow, rowOf } from "./exactness.js";
import { launchedTcptopOfTest, leavesNothingOfTest, tcptopOfTest, trafficOfTest } from "./of-test.js";
import { childrenOf, isRunning } from "./processes.js";
import type { Tcptop } from "./tcptop.js";
import type { Traffic } from "./traffic.js";

// A process that keeps a socket locked (its send() waits in a page fault) makes whoever asks for that socket wait in
// the kernel. tcptop says so, goes on, and ends when it is told to.

const FIRST_FRAME_MS = 5_000;
const END_MS = 2_000;

beforeEach(leavesNothingOfTest);

describe("locked before tcptop starts", () => {
  test("frames come, and say what is missing", async () => {
    await trafficOfTest("locked", "locked");
    const tcptop = launchedTcptopOfTest();
    await tcptop.frameWhere(() => true, FIRST_FRAME_MS);
    const { summary } = await tcptop.frameWhere((frame) => frame.summary.stalled !== null, FIRST_FRAME_MS);
    expect(summary.stalled).toMatch(/locked/);
    expect(summary.stalled_ms).toBeGreaterThan(0);
    await expectOthersToMove(tcptop);
  });

  test.each(["SIGINT", "SIGTERM"] as const)("%s ends it at once, and nothing is left", async (signal) => {
    const locked = await trafficOfTest("locked", "locked");
    const tcptop = launchedTcptopOfTest();
    await tcptop.frameWhere((frame) => frame.summary.stalled !== null, FIRST_FRAME_MS);
    const children = childrenOf(tcptop.pid);
    expect(await tcptop.stop(signal, END_MS)).toEqual({ status: 0, stderr: "" });
    expect(isStillLocked(locked)).toBe(true);
    await locked.order("release");
    await expect.poll(() => children.filter(isRunning), { timeout: 5_000 }).toEqual([]);
  });

  test("when the lock is let go, nothing is missing any more", async () => {
    const locked = await trafficOfTest("locked", "locked");
    const tcptop = launchedTcptopOfTest();
    await tcptop.frameWhere((frame) => frame.summary.stalled !== null, FIRST_FRAME_MS);
    await locked.order("release");
    await tcptop.frameWhere((frame) => frame.summary.stalled === null, FIRST_FRAME_MS);
    const frame = await tcptop.nextFrame();
    for (const end of locked.endpoints()) {
      expect(rowOf(frame, end)).toMatchObject({
        tx_bytes: end.tx_bytes,
        rx_bytes: end.rx_bytes,
        pid: end.pid,
      });
    }
    for (const end of await locked.close()) await expectClosedRow(tcptop, end);
  });
});

describe("locked while tcptop runs", () => {
  test("frames go on, with its row", async () => {
    const tcptop = await tcptopOfTest();
    const locked = await trafficOfTest("locked", "locked");
    const client = locked.endpoint("client");
    const frame = await tcptop.nextFrame();
    expect(rowOf(frame, client)).toMatchObject({ rx_bytes: client.rx_bytes, pid: client.pid, closed: false });
    await expectOthersToMove(tcptop);
    expect(rowOf(await tcptop.nextFrame(), client)).toMatchObject({ closed: false });
    expect(await tcptop.stop("SIGINT", END_MS)).toEqual({ status: 0, stderr: "" });
    expect(isStillLocked(locked)).toBe(true);
  });
});

/** Another connection is exact, before and after it moves. */
async function expectOthersToMove(tcptop: Tcptop): Promise<void> {
  const other = await trafficOfTest("plain", "old");
  for (let round = 1; round <= 3; round++) {
    const frame = await tcptop.nextFrame();
    for (const end of other.endpoints()) {
      expect(rowOf(frame, end)).toMatchObject({ tx_bytes: end.tx_bytes, rx_bytes: end.rx_bytes });
    }
    await other.order("more");
  }
  for (const end of await other.close()) await expectClosedRow(tcptop, end);
}

/** The thread that sends has not come back, and the generator has not been told to let it. */
function isStillLocked(locked: Traffic): boolean {
  return isRunning(locked.endpoint("client").pid) && locked.endpoint("client").tx_bytes === LOCKED_TX_BYTES;
}

/** What the generator has sent before the send() that waits: BEFORE in test/traffic/locked.c. */
const LOCKED_TX_BYTES = 5003;
