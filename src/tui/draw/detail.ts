import { formatEndpoint } from "../../model/address.js";
import { COLUMNS, hasPeer } from "../../model/columns.js";
import type { Connection } from "../../model/connection.js";
import { connectionAgeMs } from "../../model/connection.js";
import { formatAmount, formatDuration, formatMicroseconds, formatRate } from "../../model/units.js";
import { contextOf, type LiveState } from "../live/state.js";
import { roundTripLines, trafficLines } from "./charts.js";
import { EMPTY_LINE, type Line, line, outsideSpan, type Span, span } from "./line.js";
import { slownessSpans } from "./slowness.js";

const LABEL_WIDTH = 12;
/** Names of columns in the list of all of them. */
const NAME_WIDTH = 20;
const MAX_CHART_COLUMNS = 120;
const TALL_ROWS = 36;

/** One connection, looked at closely. */
export function detailLines(state: LiveState, key: string): readonly Line[] {
  const row = state.rows.find((one) => one.key === key);
  if (row?.kind !== "connection") return [line([span(" The connection is not shown any more.", "dim")])];
  const { connection } = row;
  const slowness = slownessSpans(connection);
  return [
    titleOf(connection),
    EMPTY_LINE,
    ...(slowness === null ? [] : [labelled("limited by", slowness), EMPTY_LINE]),
    ...ownerLines(connection),
    EMPTY_LINE,
    ...movedLines(connection, state),
    ...chartsOf(connection, state),
    EMPTY_LINE,
    ...queueLines(connection),
    EMPTY_LINE,
    line([span(" All that is known, by the names of the outputs' columns", "strong")]),
    ...everyColumn(connection, state),
  ];
}

/** What moved, and how far the other end was, since the connection is on the screen. */
function chartsOf({ rttUs }: Connection, { rowPast, size, chartSymbols }: LiveState): readonly Line[] {
  if (rowPast.length < 2) return [];
  const columns = Math.min(size.columns, MAX_CHART_COLUMNS);
  const isTall = size.rows >= TALL_ROWS;
  return [
    EMPTY_LINE,
    ...trafficLines(rowPast, { columns, rows: isTall ? 6 : 4 }, chartSymbols),
    ...(rttUs === null
      ? []
      : [EMPTY_LINE, ...roundTripLines(rowPast, { columns, rows: isTall ? 3 : 2 }, chartSymbols)]),
  ];
}

/** Of TCP: what is under way, and what waits where. */
function queueLines(connection: Connection): readonly Line[] {
  const { cwnd, deliveryRate, sendQueue, recvQueue, drops } = connection;
  const lines: Line[] = [];
  if (cwnd !== null) {
    const rate = deliveryRate === null ? "" : `; delivered at ${formatRate(deliveryRate)} when last measured`;
    lines.push(labelled("window", [span(`${cwnd} segments may be under way (cwnd)${rate}`)]));
  }
  if (sendQueue !== null || recvQueue !== null) {
    const text = `${formatAmount(sendQueue)} not yet acknowledged, ${formatAmount(recvQueue)} not yet read by the process`;
    lines.push(labelled("queues", [span(text)]));
  }
  if (drops !== null) {
    const text = `${drops} datagrams found the receive buffer full`;
    lines.push(labelled("dropped", [span(text, drops > 0 ? "warning" : "plain")]));
  }
  return lines;
}

function titleOf(connection: Connection): Line {
  const { proto, localAddr, localPort, remoteAddr, remotePort, direction, closed, endReason } = connection;
  const peer = hasPeer(connection) ? formatEndpoint(remoteAddr, remotePort) : "*";
  const ends = `${formatEndpoint(localAddr, localPort)} ${direction === "in" ? "<-" : "->"} ${peer}`;
  const reason = endReason === null || endReason === "closed" ? "" : `: ${endReason}`;
  const status = closed ? `closed${reason}` : connection.state;
  return line([
    outsideSpan(` ${proto} ${ends}`, "strong"),
    span(`  ${status}`, closed ? "closed" : "state-open"),
  ]);
}

function ownerLines({ owners, pid, process: details, netns, netnsName }: Connection): readonly Line[] {
  const holders = owners.map((owner, index) => {
    const stands = owner.pid === pid && owners.length > 1 ? ", stands for all" : "";
    return labelled(index === 0 ? "owner" : "", [
      span(`${owner.pid} `),
      outsideSpan(owner.comm, "strong"),
      span(` (${owner.source}${stands})`, "dim"),
    ]);
  });
  const about = details && [
    known("command", details.cmdline),
    known("user", details.user),
    known("cgroup", details.cgroup),
    known("container", details.container),
  ];
  return [
    ...(holders.length === 0 ? [known("owner", null)] : holders),
    ...(about ?? []),
    labelled("namespace", [outsideSpan(netnsName ?? String(netns))]),
  ];
}

function movedLines(connection: Connection, state: LiveState): readonly Line[] {
  const { txBytes, rxBytes, txRate, rxRate, rttUs, retrans } = connection;
  const ageMs = connectionAgeMs(connection, contextOf(state).readNs);
  const lines = [
    labelled("age", [span(ageMs === null ? "older than tcptop" : formatDuration(ageMs))]),
    labelled("sent", [span(`${formatAmount(txBytes)}, now ${formatRate(txRate)}`)]),
    labelled("received", [span(`${formatAmount(rxBytes)}, now ${formatRate(rxRate)}`)]),
  ];
  if (rttUs !== null) lines.push(labelled("round trip", [span(roundTripText(connection))]));
  if (retrans !== null) {
    const text = `${retrans} segments, ${formatAmount(connection.retransBytes)}`;
    lines.push(labelled("sent again", [span(text, retrans > 0 ? "warning" : "plain")]));
  }
  return lines;
}

function roundTripText({ rttUs, rttvarUs, minRttUs }: Connection): string {
  return `${timeText(rttUs)}, varies by ${timeText(rttvarUs)}, at least ${timeText(minRttUs)}`;
}

/** Every column that has a value, by the name that it has in all outputs. */
function everyColumn(connection: Connection, state: LiveState): readonly Line[] {
  const context = contextOf(state);
  return COLUMNS.flatMap((column) => {
    const value = column.value(connection, context);
    if (value === null || column.name === "time" || column.name === "host") return [];
    return [line([span(` ${column.name.padEnd(NAME_WIDTH)}`, "label"), outsideSpan(String(value))])];
  });
}

function labelled(label: string, spans: readonly Span[]): Line {
  return line([span(` ${label.padEnd(LABEL_WIDTH)}`, "label"), ...spans]);
}

function known(label: string, text: string | null): Line {
  return labelled(label, [text === null ? span("not known", "dim") : outsideSpan(text)]);
}

function timeText(us: number | null): string {
  return us === null ? "-" : formatMicroseconds(us);
}
