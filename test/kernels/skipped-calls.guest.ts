import { afterAll, beforeAll, expect, test } from "vitest";
import { START_NOTICES } from "../live/start-notices.js";
import { startTcptop, type Tcptop } from "../live/tcptop.js";
import { rowsOfSockets } from "../live/udp-exactness.js";
import { udpTrafficOfTest } from "../live/udp-traffic.js";

// For a rung whose programs the kernel skips while another task is preempted inside of them: what it does not count, it says.

let tcptop: Tcptop;

beforeAll(async () => {
  tcptop = await startTcptop();
});

afterAll(async () => {
  expect(await tcptop.stop()).toEqual({ status: 0, stderr: START_NOTICES });
});

test.for(["sendto", "connected", "ipv6", "threads", "fork", "quic"])(
  "never more than was moved, and less only with a loss that is told: %s",
  async (caseName, { annotate }) => {
    const traffic = await udpTrafficOfTest(caseName);
    const { connections, summary } = await tcptop.nextFrame();
    const ends = traffic.endpoints();
    const rows = rowsOfSockets(connections, ends);
    expect(rows.length).toBeGreaterThan(0);
    const counted = sumOf(rows);
    const moved = sumOf(ends);
    expect(counted).toBeGreaterThan(0);
    expect(counted).toBeLessThanOrEqual(moved);
    if (counted < moved) expect(summary.missed_events).toBeGreaterThan(0);
    await annotate(
      "this kernel preempts itself, and skips a program while another task is preempted in it: missed_events says so",
      "shortfall",
    );
  },
);

function sumOf(
  told: readonly { readonly tx_bytes: number | null; readonly rx_bytes: number | null }[],
): number {
  return told.reduce((sum, { tx_bytes, rx_bytes }) => sum + (tx_bytes ?? 0) + (rx_bytes ?? 0), 0);
}
