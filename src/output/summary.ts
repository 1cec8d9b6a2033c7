import type { LostRecords, Stall } from "../model/sample.js";
import type { Snapshot, TrafficTotals } from "../model/snapshot.js";
import { harmless } from "../model/text.js";
import { interfacesExcess } from "./reconciliation.js";
import type { Frame } from "./sink.js";

/** One field of the summary that follows the rows of a snapshot. */
export interface SummaryField {
  readonly name: string;
  /** null for what has none. */
  readonly unit: string | null;
  /** One sentence, for the documentation. */
  readonly doc: string;
  readonly value: (frame: Frame<unknown>) => string | number | null;
}

/** What is said of a whole snapshot, whatever rows a view shows of it; names and order are those of NDJSON. */
export const SUMMARY_FIELDS: readonly SummaryField[] = [
  field("time", null, "When the snapshot was taken: RFC 3339, UTC, milliseconds.", ({ snapshot }) =>
    new Date(snapshot.timeMs).toISOString(),
  ),
  field("host", null, "Name of the host that was observed.", ({ host }) => harmless(host)),
  field("rung", null, "The way in which the snapshot was collected.", ({ rung }) => rung),
  field(
    "interval_ms",
    "ms",
    "Measured time since the snapshot before; null in the first.",
    ({ snapshot }) => snapshot.intervalMs,
  ),
  field(
    "open",
    "connections",
    "Open now, without listening sockets.",
    ({ snapshot }) => snapshot.totals.open,
  ),
  field("listening", "sockets", "Listening now.", ({ snapshot }) => snapshot.totals.listening),
  field(
    "closed",
    "connections",
    "Closed since tcptop started, the folded included.",
    ({ snapshot }) => snapshot.totals.closed,
  ),
  field(
    "untracked",
    "connections",
    "Open, but without a row and not in the totals, because the table is full.",
    ({ snapshot }) => snapshot.untracked,
  ),
  field("shown", "rows", "Rows that the view shows of this snapshot.", ({ rows }) => rows.length),
  field(
    "tx_bytes",
    "bytes",
    "Payload sent since tcptop started, by open, closed and folded connections; null where bytes are not counted.",
    ({ snapshot }) => snapshot.totals.txBytes,
  ),
  field(
    "rx_bytes",
    "bytes",
    "Payload received since tcptop started, by open, closed and folded connections; null where bytes are not counted.",
    ({ snapshot }) => snapshot.totals.rxBytes,
  ),
  field(
    "tx_rate",
    "bytes/s",
    "Payload sent over the interval; null in the first snapshot.",
    ({ snapshot }) => snapshot.totals.txRate,
  ),
  field(
    "rx_rate",
    "bytes/s",
    "Payload received over the interval; null in the first snapshot.",
    ({ snapshot }) => snapshot.totals.rxRate,
  ),
  ...trafficFields("tcp", "TCP payload", ({ totals }) => totals.tcp),
  ...trafficFields("udp", "UDP payload", ({ totals }) => totals.udp),
  field(
    "interfaces",
    null,
    "The network devices of tcptop's own network namespace, separated by blanks, but for stacked ones, whose traffic the devices below them count; null where that can't be told.",
    ({ snapshot }) => (snapshot.interfaces === null ? null : harmless(snapshot.interfaces.names.join(" "))),
  ),
  ...trafficFields(
    "interfaces",
    "Bytes, headers included, that these devices",
    ({ interfaces }) => interfaces,
  ),
  field(
    "interfaces_excess",
    "%",
    "By how much that exceeds all payload, both ways together over the interval: headers, ACKs, what was sent again, other protocols, forwarded traffic. Negative where other namespaces have devices of their own.",
    ({ snapshot }) => interfacesExcess(snapshot),
  ),
  field(
    "folded_connections",
    "connections",
    "Closed while the kernel's ring was full: kept as totals, without a row. Since tcptop started.",
    ({ snapshot }) => snapshot.folded.connections,
  ),
  field(
    "folded_tx_bytes",
    "bytes",
    "Payload that the folded sent.",
    ({ snapshot }) => snapshot.folded.txBytes,
  ),
  field(
    "folded_rx_bytes",
    "bytes",
    "Payload that the folded received.",
    ({ snapshot }) => snapshot.folded.rxBytes,
  ),
  field(
    "folded_retrans_bytes",
    "bytes",
    "Payload that the folded sent again.",
    ({ snapshot }) => snapshot.folded.retransBytes,
  ),
  field(
    "missed_events",
    "events",
    "State changes and UDP calls for which the kernel did not run tcptop's program; without eBPF, times that it had no room to tell of ends, each for an unknown number. Since tcptop started.",
    ({ snapshot }) => snapshot.missedEvents,
  ),
  ...lossFields(),
  field("stalled", null, "What tcptop waits for; null when the kernel answered in time.", ({ snapshot }) =>
    snapshot.stalled === null ? null : harmless(snapshot.stalled.what),
  ),
  field("stalled_ms", "ms", "For how long it has waited.", ({ snapshot }) =>
    snapshot.stalled === null ? null : stalledForMs(snapshot.stalled, snapshot.timeMs),
  ),
];

/** How long a part of the kernel has not answered, at the time of a snapshot. */
export function stalledForMs(stall: Stall, timeMs: number): number {
  return Math.max(0, timeMs - stall.sinceMs);
}

function lossFields(): readonly SummaryField[] {
  const lost = (name: keyof LostRecords, column: string, doc: string): SummaryField =>
    field(column, "records", `${doc} Since tcptop started; null where there is no ring.`, ({ snapshot }) =>
      snapshot.lost === null ? null : snapshot.lost[name],
    );
  return [
    lost("opens", "lost_opens", "Openings that found the ring full: the connections show up all the same."),
    lost(
      "states",
      "lost_states",
      "Changes of state that found the ring full: the next reading has the state.",
    ),
    lost("owners", "lost_owners", "Late owners that found the ring full: those connections show none."),
    lost(
      "udpEnds",
      "lost_udp_ends",
      "Ends of UDP sockets that found the ring full: what these moved last is in no row and in no total.",
    ),
  ];
}

/** Four fields, `<prefix>_tx_bytes` and so on; null where the totals are. */
function trafficFields(
  prefix: string,
  what: string,
  totals: (snapshot: Snapshot) => TrafficTotals | null,
): readonly SummaryField[] {
  const traffic = (name: keyof TrafficTotals, column: string, unit: string, doc: string): SummaryField =>
    field(`${prefix}_${column}`, unit, `${what} ${doc}.`, ({ snapshot }) => totals(snapshot)?.[name] ?? null);
  return [
    traffic("txBytes", "tx_bytes", "bytes", "sent since tcptop started"),
    traffic("rxBytes", "rx_bytes", "bytes", "received since tcptop started"),
    traffic("txRate", "tx_rate", "bytes/s", "sent over the interval"),
    traffic("rxRate", "rx_rate", "bytes/s", "received over the interval"),
  ];
}

function field(name: string, unit: string | null, doc: string, value: SummaryField["value"]): SummaryField {
  return { name, unit, doc, value };
}
