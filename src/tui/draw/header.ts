import type { Connection } from "../../model/connection.js";
import { isListening } from "../../model/connection.js";
import type { Snapshot } from "../../model/snapshot.js";
import { formatBytes } from "../../model/units.js";
import { headerLines, type LiveState } from "../live/state.js";
import {
  clipSpans,
  fittingParts,
  type HeaderPart,
  type Line,
  line,
  outsideSpan,
  type Span,
  span,
} from "./line.js";

type Parts = readonly HeaderPart[];

/** The lines above the table: where and how, what there is, what moves, and what that costs. */
export function headerOf(state: LiveState): readonly Line[] {
  const width = state.size.columns;
  return headerParts(state).map((parts) => line(clipSpans(fittingParts(parts, width), width)));
}

/** A small terminal has the rates beside the host, and the rest in its second line. */
function headerParts(state: LiveState): readonly Parts[] {
  const [where, moved] = [whereParts(state), movedParts(state.shown)];
  switch (headerLines(state.size)) {
    case 1:
      return [[...where.slice(0, 1), ...moved, ...where.slice(1)]];
    case 2:
      return [
        [...where, ...countParts(state.shown)],
        [...moved, ...costParts(state)],
      ];
    default:
      return [where, countParts(state.shown), moved, costParts(state)];
  }
}

function part(priority: number, ...spans: readonly Span[]): HeaderPart {
  return { priority, spans };
}

function labelled(label: string, value: string): readonly Span[] {
  return [span(`${label} `, "label"), span(value)];
}

function whereParts({ host, rung, intervalMs, shown, settings, isPaused }: LiveState): Parts {
  const { stalled, timeMs } = shown;
  const { held, filter, active, listening, names } = settings;
  const parts = [
    part(1, span("tcptop ", "strong"), outsideSpan(host, "strong")),
    part(6, ...labelled("rung", rung)),
    part(7, ...labelled("every", `${intervalMs / 1000}s`)),
  ];
  if (timeMs > 0) parts.push(part(8, span(clockText(timeMs), "dim")));
  if (stalled !== null) parts.push(part(2, outsideSpan(`stalled: ${stalled.what}`, "error")));
  if (isPaused) parts.push(part(3, span("numbers held", "warning")));
  if (held !== null) parts.push(part(9, span("order held", "warning")));
  if (filter !== null) parts.push(part(4, span("filter ", "label"), outsideSpan(filter.text, "warning")));
  if (active) parts.push(part(10, span("active only", "warning")));
  if (listening) parts.push(part(11, span("listening", "warning")));
  if (names) parts.push(part(12, span("names by DNS", "warning")));
  return parts;
}

function countParts({ totals, connections }: Snapshot): Parts {
  const states = [...countsByState(connections)].sort(([, a], [, b]) => b - a);
  return [
    part(1, ...labelled("open", String(totals.open))),
    part(3, ...labelled("listening", String(totals.listening))),
    part(2, ...labelled("closed", String(totals.closed))),
    ...states.map(([state, count], index) => part(4 + index, span(`${state} ${count}`, "dim"))),
  ];
}

function countsByState(connections: readonly Connection[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const connection of connections) {
    if (connection.closed || isListening(connection)) continue;
    const name = connection.proto === "udp" ? "UDP" : connection.state;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}

function movedParts({ totals, interfaces }: Snapshot): Parts {
  const parts = [
    part(1, span("tx ", "tx"), span(rateText(totals.txRate))),
    part(1, span("rx ", "rx"), span(rateText(totals.rxRate))),
    part(
      3,
      ...labelled("since start tx", bytesText(totals.txBytes)),
      span(" "),
      ...labelled("rx", bytesText(totals.rxBytes)),
    ),
  ];
  const others = [
    { name: "tcp", moved: totals.tcp, priority: 4 },
    { name: "udp", moved: totals.udp, priority: 4 },
    { name: "interfaces", moved: interfaces, priority: 5 },
  ];
  for (const { name, moved, priority } of others) {
    if (moved === null) continue;
    const rates = `${rateText(moved.txRate)} out ${rateText(moved.rxRate)} in`;
    parts.push(part(priority, ...labelled(name, rates)));
  }
  return parts;
}

function costParts({ shown, cost }: LiveState): Parts {
  const { folded, missedEvents, untracked } = shown;
  const parts = [
    part(2, ...labelled("tcptop", `${shareText(cost.cpuShare)} CPU ${bytesText(cost.residentBytes)}`)),
  ];
  if (cost.kernelShare !== null)
    parts.push(part(3, ...labelled("in the kernel", shareText(cost.kernelShare))));
  parts.push(lossPart("folded", folded.connections), lossPart("missed", missedEvents));
  if (untracked > 0) parts.push(lossPart("without a row", untracked));
  return parts;
}

function lossPart(label: string, count: number): HeaderPart {
  return part(
    count > 0 ? 1 : 5,
    span(`${label} `, "label"),
    span(String(count), count > 0 ? "warning" : "dim"),
  );
}

function rateText(bytesPerSecond: number | null): string {
  return bytesPerSecond === null ? "-" : `${formatBytes(bytesPerSecond)}B/s`;
}

function bytesText(bytes: number | null): string {
  return bytes === null ? "-" : `${formatBytes(bytes)}B`;
}

function shareText(share: number | null): string {
  return share === null ? "-" : `${(share * 100).toFixed(1)}%`;
}

/** The time of day in UTC, as in all outputs. */
function clockText(timeMs: number): string {
  return `${new Date(timeMs).toISOString().slice(11, 19)}Z`;
}
