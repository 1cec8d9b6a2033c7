import { expect } from "vitest";
import { closedRowsOf, isRowOf } from "./exactness.js";
import type { Tcptop } from "./tcptop.js";
import type { ConnectionLine } from "./tcptop-lines.js";
import type { TrafficEndpoint } from "./traffic.js";

// What closed rows say where the kernel's last word has counters only (docs/accuracy.md): tx_bytes to the byte, rx_bytes up to the
// peer's FIN, and of the end no more than that both sides closed.

const BOTH_CLOSED = ["fin", "closed"];

/** What the one closed row of an end must say. */
export async function expectClosedRowByNetlink(tcptop: Tcptop, end: TrafficEndpoint): Promise<void> {
  await expect.poll(() => closedRowsOf(tcptop, end).length, { timeout: 10_000 }).toBeGreaterThan(0);
  const [row, ...more] = closedRowsOf(tcptop, end);
  if (row === undefined) throw new Error("unreachable: polled for");
  expect(more).toEqual([]);
  expect(row).toMatchObject({
    tx_bytes: end.tx_bytes,
    direction: end.direction,
    pid: end.pid,
    comm: end.comm,
  });
  expectReceived(row, end);
  if (end.end_reason !== null) expect(reasonsFor(end.end_reason)).toContain(row.end_reason);
}

/** Each of many short ends has one closed row; no process was asked who holds what in the time. */
export async function expectClosedRowsByNetlink(
  tcptop: Tcptop,
  ends: readonly TrafficEndpoint[],
): Promise<readonly ConnectionLine[]> {
  const byEnd = () => ends.map((end) => tcptop.closedRows().filter((row) => isRowOf(row, end)));
  const counts = () => byEnd().map(({ length }) => length);
  await expect.poll(counts, { timeout: 10_000, interval: 300 }).toEqual(ends.map(() => 1));
  // A second close would come later.
  await tcptop.nextFrame();
  expect(counts()).toEqual(ends.map(() => 1));
  const rows = byEnd().flat();
  expect(rows.map(({ tx_bytes }) => tx_bytes)).toEqual(ends.map(({ tx_bytes }) => tx_bytes));
  for (const [index, row] of rows.entries()) {
    const end = ends[index];
    if (end === undefined) continue;
    // Whose listening socket no dump met: neither can it be told which flag a lone one was.
    expect([end.direction, end.direction === "in" ? null : "out"]).toContain(row.direction);
    expectReceived(row, end);
  }
  return rows;
}

function expectReceived({ rx_bytes }: ConnectionLine, end: TrafficEndpoint): void {
  expect(rx_bytes).toBeGreaterThanOrEqual(end.rx_bytes - 1);
  expect(rx_bytes).toBeLessThanOrEqual(end.rx_bytes + 1);
}

function reasonsFor(reason: string): readonly string[] {
  return BOTH_CLOSED.includes(reason) ? BOTH_CLOSED : ["unknown", "reset"];
}
