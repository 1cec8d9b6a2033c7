import { formatEndpoint } from "../../model/address.js";
import { COLUMNS, hasPeer } from "../../model/columns.js";
import type { Connection } from "../../model/connection.js";
import { connectionAgeMs } from "../../model/connection.js";
import { formatBytes, formatDuration, formatMicroseconds } from "../../model/units.js";
import { contextOf, type LiveState } from "../live/state.js";
import { EMPTY_LINE, type Line, line, outsideSpan, type Span, span } from "./line.js";

const LABEL_WIDTH = 12;

/** One connection, looked at closely. */
export function detailLines(state: LiveState, key: string): readonly Line[] {
  const row = state.rows.find((one) => one.key === key);
  if (row?.kind !== "connection") return [line([span(" The connection is not shown any more.", "dim")])];
  const { connection } = row;
  return [
    titleOf(connection),
    EMPTY_LINE,
    ...ownerLines(connection),
    EMPTY_LINE,
    ...trafficLines(connection, state),
    EMPTY_LINE,
    ...everyColumn(connection, state),
  ];
}

function titleOf(connection: Connection): Line {
  const { proto, localAddr, localPort, remoteAddr, remotePort, direction, closed, endReason } = connection;
  const peer = hasPeer(connection) ? formatEndpoint(remoteAddr, remotePort) : "*";
  const ends = `${formatEndpoint(localAddr, localPort)} ${direction === "in" ? "<-" : "->"} ${peer}`;
  const status = closed ? `closed: ${endReason ?? "unknown"}` : connection.state;
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

function trafficLines(connection: Connection, state: LiveState): readonly Line[] {
  const { txBytes, rxBytes, txRate, rxRate, rttUs, retrans } = connection;
  const ageMs = connectionAgeMs(connection, contextOf(state).readNs);
  const lines = [
    labelled("age", [span(ageMs === null ? "older than tcptop" : formatDuration(ageMs))]),
    labelled("sent", [span(`${bytesText(txBytes)}, now ${rateText(txRate)}`)]),
    labelled("received", [span(`${bytesText(rxBytes)}, now ${rateText(rxRate)}`)]),
  ];
  if (rttUs !== null) lines.push(labelled("round trip", [span(roundTripText(connection))]));
  if (retrans !== null) {
    const text = `${retrans} segments, ${bytesText(connection.retransBytes)}`;
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
    return [line([span(` ${column.name.padEnd(LABEL_WIDTH + 2)}`, "label"), outsideSpan(String(value))])];
  });
}

function labelled(label: string, spans: readonly Span[]): Line {
  return line([span(` ${label.padEnd(LABEL_WIDTH)}`, "label"), ...spans]);
}

function known(label: string, text: string | null): Line {
  return labelled(label, [text === null ? span("not known", "dim") : outsideSpan(text)]);
}

function bytesText(count: number | null): string {
  return count === null ? "-" : `${formatBytes(count)}B`;
}

function rateText(bytesPerSecond: number | null): string {
  return bytesPerSecond === null ? "-" : `${formatBytes(bytesPerSecond)}B/s`;
}

function timeText(us: number | null): string {
  return us === null ? "-" : formatMicroseconds(us);
}
