import { expect } from "vitest";
import { FORCED_RUNG } from "./forced-rung.js";
import { netnsLabel } from "./netns.js";
import type { Tcptop } from "./tcptop.js";
import type { ConnectionLine, FrameLines } from "./tcptop-lines.js";
import type { UdpEndpoint } from "./udp-traffic.js";

// Rows and truths of some sockets are compared as lists of lines: a row too many is a difference like any other, and one
// that is wrong can be read among thousands.

/** The open rows of these ends' sockets are theirs, one for each, and right. */
export function expectOpenUdpRows(frame: FrameLines, told: readonly UdpEndpoint[]): void {
  const ends = asSeen(told);
  const rows = rowsOfSockets(frame.connections, ends).filter(({ closed }) => !closed);
  const shared = sharedSockets(ends);
  const ownersOf = ({ owners }: UdpEndpoint | ConnectionLine): string =>
    [...(owners ?? [])].sort((a, b) => a - b).join();
  const openLine = (cookie: string, told: UdpEndpoint | ConnectionLine): string =>
    `${lineOf(cookie, told, shared)} ${told.state} drops ${told.drops} owners ${ownersOf(told)}`;
  expect(rows.map((row) => openLine(cookieOf(row), row)).sort()).toEqual(
    ends.map((end) => openLine(end.cookie, end)).sort(),
  );
  expect(rows.filter(({ owner_source }) => !["io", "holder"].includes(owner_source ?? ""))).toEqual([]);
}

/** Each of these ends has one closed row, with its truth, and their sockets have no others. */
export async function expectClosedUdpRows(
  tcptop: Tcptop,
  told: readonly UdpEndpoint[],
  reason: "closed" | "idle" = "closed",
): Promise<void> {
  const ends = asSeen(told);
  const found = (): readonly ConnectionLine[] => rowsOfSockets(tcptop.closedRows(), ends);
  const shared = sharedSockets(ends);
  await expect
    .poll(() => found().length, { timeout: 10_000, interval: 200 })
    .toBeGreaterThanOrEqual(ends.length);
  // A second close would come later.
  await tcptop.nextFrame();
  expect(
    found()
      .map((row) => `${lineOf(cookieOf(row), row, shared)} ${row.end_reason}`)
      .sort(),
  ).toEqual(ends.map((end) => `${lineOf(end.cookie, end, shared)} ${reason}`).sort());
}

/** Kprobes see whom each datagram came from, also where the call asked for no name. */
function asSeen(ends: readonly UdpEndpoint[]): readonly UdpEndpoint[] {
  if (FORCED_RUNG !== "kprobe") return ends;
  const unnamed = ends.filter(({ remote_addr }) => remote_addr === null);
  return ends
    .filter((end) => !unnamed.includes(end))
    .map((end) => {
      const received = unnamed.filter(({ cookie }) => cookie === end.cookie);
      return { ...end, rx_bytes: received.reduce((sum, { rx_bytes }) => sum + rx_bytes, end.rx_bytes) };
    });
}

/** The rows of the same sockets, but for one that says no more than that its socket is there: no peer, no bytes. */
export function rowsOfSockets(
  rows: readonly ConnectionLine[],
  ends: readonly UdpEndpoint[],
): readonly ConnectionLine[] {
  const cookies = new Set(ends.map(({ cookie }) => cookie));
  const isEmpty = ({ remote_addr, tx_bytes, rx_bytes }: ConnectionLine): boolean =>
    remote_addr === null && tx_bytes === 0 && rx_bytes === 0;
  return rows.filter((row) => row.proto === "udp" && cookies.has(cookieOf(row)) && !isEmpty(row));
}

/** Sockets of several processes: any of these may stand for all. */
function sharedSockets(ends: readonly UdpEndpoint[]): ReadonlySet<string> {
  return new Set(ends.filter(({ owners }) => owners.length > 1).map(({ cookie }) => cookie));
}

/** `id` is the socket's cookie, `<cookie>.<n>` when it was connected before, `<cookie>/<n>` for a peer that a call named. */
function cookieOf({ id }: ConnectionLine): string {
  return id.split(/[./]/)[0] ?? "";
}

function lineOf(cookie: string, told: UdpEndpoint | ConnectionLine, shared: ReadonlySet<string>): string {
  const local = `${told.local_addr} ${told.local_port}`;
  const remote = told.remote_addr === null ? "*" : `${told.remote_addr} ${told.remote_port}`;
  const owner = shared.has(cookie) ? "one of several" : `${told.pid} ${told.comm}`;
  const moved = `tx ${told.tx_bytes} rx ${told.rx_bytes}`;
  const netns = typeof told.netns === "number" ? netnsLabel(told.netns) : told.netns;
  return `${cookie} IPv${told.family} ${local} - ${remote} in ${netns}: ${moved} of ${owner}`;
}
