import { afterAll, beforeAll, expect, test } from "vitest";
import { START_NOTICES } from "../live/start-notices.js";
import { startTcptop, type Tcptop } from "../live/tcptop.js";
import { rowsOfSockets } from "../live/udp-exactness.js";
import { udpTrafficOfTest } from "../live/udp-traffic.js";

// For a rung whose programs the kernel skips while another task is preempted inside of them: what it does not count, it says.

/** No datagram of these cases is larger. */
const LARGEST_BYTES = 1400;

let tcptop: Tcptop;

beforeAll(async () => {
  tcptop = await startTcptop();
});

afterAll(async () => {
  expect(await tcptop.stop()).toEqual({ status: 0, stderr: START_NOTICES });
});

test.for(["sendto", "connected", "ipv6", "threads", "fork", "quic"])(
  "never more than was moved, and no call less that missed_events does not tell: %s",
  async (caseName, { annotate }) => {
    const toldBefore = (await tcptop.nextFrame()).summary.missed_events;
    const traffic = await udpTrafficOfTest(caseName);
    const { connections, summary } = await tcptop.nextFrame();
    const ends = traffic.endpoints();
    const counted = sumOf(rowsOfSockets(connections, ends));
    const moved = sumOf(ends);
    const lostAtMost = (summary.missed_events - toldBefore) * LARGEST_BYTES;
    expect(counted).toBeGreaterThan(0);
    expect(counted).toBeLessThanOrEqual(moved);
    expect(counted).toBeGreaterThanOrEqual(moved - lostAtMost);
    if (counted < moved) {
      await annotate(
        "this kernel preempts itself, and skips a program while another task is preempted in it; missed_events counts these calls",
        "shortfall",
      );
    }
  },
);

function sumOf(
  told: readonly { readonly tx_bytes: number | null; readonly rx_bytes: number | null }[],
): number {
  return told.reduce((sum, { tx_bytes, rx_bytes }) => sum + (tx_bytes ?? 0) + (rx_bytes ?? 0), 0);
}
