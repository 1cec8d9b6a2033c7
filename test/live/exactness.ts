import { expect } from "vitest";
import type { EndReason } from "../../src/model/tcp.js";
import type { Tcptop } from "./tcptop.js";
import type { ConnectionLine, FrameLines } from "./tcptop-lines.js";
import type { TrafficEndpoint } from "./traffic.js";

/** The row of an end in a frame: by both ends, namespace and place in its socket's life. */
export function rowOf(frame: FrameLines, end: TrafficEndpoint): ConnectionLine | undefined {
  return frame.connections.find((row) => isRowOf(row, end));
}

export function isRowOf(row: ConnectionLine, end: TrafficEndpoint): boolean {
  return (
    row.local_addr === end.local_addr &&
    row.local_port === end.local_port &&
    row.remote_addr === end.remote_addr &&
    row.remote_port === end.remote_port &&
    row.netns_inode === end.netns &&
    (end.cookie === null || row.id === idOf(end))
  );
}

function idOf({ cookie, incarnation }: TrafficEndpoint): string {
  return incarnation === 0 ? `${cookie}` : `${cookie}.${incarnation}`;
}

/** What a row says that has no owner. */
export const NO_OWNER = { pid: null, comm: null, owners: null, owner_source: null } as const;

/** What a row must say of an open connection. */
export function expectOpenRow(frame: FrameLines, end: TrafficEndpoint): void {
  expect(rowOf(frame, end), `a row for ${describeEnd(end)}`).toMatchObject({
    proto: "tcp",
    family: String(end.family),
    tx_bytes: end.tx_bytes,
    rx_bytes: end.rx_bytes,
    direction: end.direction,
    recv_queue: end.unread_bytes,
    owners: end.owners,
    ...(end.owners.length === 1 ? { pid: end.pid, comm: end.comm } : {}),
    ...(end.state === null ? {} : { state: end.state }),
    closed: false,
  });
}

/**
 * Whoever closes first leaves FIN_WAIT2 with the peer's FIN, or, when the kernel hands the rest over to a mini-socket,
 * before it: which of the two is a matter of a moment.
 */
const SAME_END: Readonly<Partial<Record<EndReason, readonly EndReason[]>>> = { fin: ["fin", "closed"] };

/** What the one closed row of an end must say. */
export async function expectClosedRow(tcptop: Tcptop, end: TrafficEndpoint): Promise<ConnectionLine> {
  await expect.poll(() => closedRowsOf(tcptop, end).length, { timeout: 10_000 }).toBeGreaterThan(0);
  const [row, ...more] = closedRowsOf(tcptop, end);
  if (row === undefined) throw new Error("unreachable: polled for");
  expect(more, `closed once: ${describeEnd(end)}`).toEqual([]);
  expect(row, `the end of ${describeEnd(end)}`).toMatchObject({
    tx_bytes: end.tx_bytes,
    rx_bytes: end.rx_bytes,
    direction: end.direction,
    pid: end.pid,
    comm: end.comm,
  });
  if (end.end_reason !== null) {
    expect(SAME_END[end.end_reason] ?? [end.end_reason]).toContain(row.end_reason);
  }
  return row;
}

export function closedRowsOf(tcptop: Tcptop, end: TrafficEndpoint): readonly ConnectionLine[] {
  return tcptop.closedRows().filter((row) => isRowOf(row, end));
}

/** Each end has one closed row, also when one more frame had the time to show a second. */
export async function expectEachClosedOnce(tcptop: Tcptop, ends: readonly TrafficEndpoint[]): Promise<void> {
  for (const end of ends) await expectClosedRow(tcptop, end);
  await tcptop.nextFrame();
  for (const end of ends) expect(closedRowsOf(tcptop, end)).toHaveLength(1);
}

/** As `expectClosedRow`, of many ends at once: each has exactly one closed row, with its own truth. */
export async function expectClosedRows(tcptop: Tcptop, ends: readonly TrafficEndpoint[]): Promise<void> {
  const ids = new Set(ends.map(idOf));
  const found = (): readonly ConnectionLine[] => tcptop.closedRows().filter(({ id }) => ids.has(id));
  await expect
    .poll(() => found().length, { timeout: 10_000, interval: 200 })
    .toBeGreaterThanOrEqual(ends.length);
  // A second close would come later.
  await tcptop.nextFrame();
  const said = found().map((row) => ({
    ...row,
    end_reason: row.end_reason === "closed" ? "fin" : row.end_reason,
  }));
  expect(said.map((row) => truthOf(row.id, row)).sort()).toEqual(
    ends.map((end) => truthOf(idOf(end), end)).sort(),
  );
}

type Told = Pick<
  TrafficEndpoint,
  "direction" | "local_port" | "remote_port" | "tx_bytes" | "rx_bytes" | "pid" | "comm" | "end_reason"
>;

/** One line for what is compared, so that a difference among thousands can be read. */
function truthOf(
  id: string,
  told: { readonly [Key in keyof Told]: Told[Key] | string | number | null },
): string {
  const { direction, local_port, remote_port, tx_bytes, rx_bytes, pid, comm, end_reason } = told;
  return `${id} ${direction} ${local_port}-${remote_port} tx ${tx_bytes} rx ${rx_bytes} ${pid} ${comm} ${end_reason}`;
}

function describeEnd(end: TrafficEndpoint): string {
  return `${end.case} ${end.side} ${end.local_addr}:${end.local_port} -> ${end.remote_addr}:${end.remote_port}`;
}
