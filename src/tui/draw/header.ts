import { isBlank, type Snapshot } from "../../model/snapshot.js";
import { formatAmount, formatRate } from "../../model/units.js";
import { groupingBy } from "../../view/group/grouping.js";
import { headerLines, type LiveState } from "../live/state.js";
import { besides, trafficLines } from "./charts.js";
import {
  clipSpans,
  EMPTY_LINE,
  fittingParts,
  type HeaderPart,
  type Line,
  line,
  outsideSpan,
  type Span,
  span,
} from "./line.js";

const LEAST_PART = 10;
/** Of what the table is shown by, the first to go. */
const LAST_MODE = 8;

type Parts = readonly HeaderPart[];

const CHART_ROWS = 4;

/** Beside the words, where the terminal is wide enough for both: a third of it. */
const LEAST_CHART_COLUMNS = 25;
const CHART_SHARE = 1 / 3;

/** The lines above the table: where and how, what there is, what moves, and what that costs; beside them what moved. */
export function headerOf(state: LiveState): readonly Line[] {
  const { columns } = state.size;
  const parts = headerParts(state);
  const chartColumns = Math.floor(columns * CHART_SHARE);
  if (parts.length < CHART_ROWS || chartColumns < LEAST_CHART_COLUMNS) return partLines(parts, columns);
  const left = columns - chartColumns;
  const chart = trafficLines(state.past, { columns: chartColumns, rows: CHART_ROWS }, state.chartSymbols);
  return partLines(parts, left - 1).map((one, row) => besides(one, chart[row] ?? EMPTY_LINE, left));
}

function partLines(parts: readonly Parts[], width: number): readonly Line[] {
  return parts.map((one) => line(clipSpans(fittingParts(one, width), width)));
}

/** A small terminal has the rates beside the host, and the rest in its second line. */
function headerParts(state: LiveState): readonly Parts[] {
  const [where, moved] = [whereParts(state), movedParts(state)];
  switch (headerLines(state.size)) {
    case 1:
      // What the table is shown by comes before the rates, which stand in the table, too.
      return [[...where.slice(0, 1), ...moved.map(afterModes), ...where.slice(1)]];
    case 2:
      return [
        [...where, ...countParts(state.shown)],
        [...moved, ...costParts(state)],
      ];
    default:
      return [where, countParts(state.shown), moved, costParts(state)];
  }
}

function afterModes(one: HeaderPart): HeaderPart {
  return { ...one, priority: one.priority + LAST_MODE };
}

function part(priority: number, ...spans: readonly Span[]): HeaderPart {
  return { priority, spans };
}

/** What is seen even when it has to be cut: the table is not what it seems without it. */
function cutPart(priority: number, ...spans: readonly Span[]): HeaderPart {
  return { priority, spans, leastWidth: LEAST_PART };
}

function labelled(label: string, value: string): readonly Span[] {
  return [span(`${label} `, "label"), span(value)];
}

function whereParts({ host, rung, intervalMs, shown, settings, isPaused }: LiveState): Parts {
  const { stalled, timeMs } = shown;
  const { held, filter, groupBy, active, listening, pairs, names } = settings;
  const parts = [
    part(1, span("tcptop ", "strong"), outsideSpan(host, "strong")),
    part(9, ...labelled("rung", rung)),
    part(10, ...labelled("every", `${intervalMs / 1000}s`)),
  ];
  if (timeMs > 0) parts.push(part(11, span(clockText(timeMs), "dim")));
  if (stalled !== null) parts.push(cutPart(2, outsideSpan(`stalled: ${stalled.what}`, "error")));
  if (isPaused) parts.push(part(3, span("numbers held", "warning")));
  if (held !== null) parts.push(part(5, span("order held", "warning")));
  if (filter !== null) parts.push(cutPart(4, span("filter ", "label"), outsideSpan(filter.text, "warning")));
  if (groupBy !== null)
    parts.push(part(5, span("by ", "label"), span(groupingBy(groupBy).called, "warning")));
  if (active) parts.push(part(6, span("active only", "warning")));
  if (listening) parts.push(part(7, span("listening", "warning")));
  if (pairs) parts.push(part(8, span("pairs as one", "warning")));
  if (names) parts.push(part(8, span("names by DNS", "warning")));
  return parts;
}

function countParts(snapshot: Snapshot): Parts {
  const { totals } = snapshot;
  const count = (known: number) => (isBlank(snapshot) ? "-" : String(known));
  return [
    part(1, ...labelled("open", count(totals.open))),
    part(3, ...labelled("listening", count(totals.listening))),
    part(2, ...labelled("closed", count(totals.closed))),
    ...byCount(totals.states).map(([state, count], index) =>
      part(4 + index, span(`${state} ${count}`, "dim")),
    ),
  ];
}

/** The most first. */
function byCount(counts: ReadonlyMap<string, number>): readonly (readonly [name: string, count: number])[] {
  return [...counts].sort(([, a], [, b]) => b - a);
}

function movedParts({ shown: { totals, interfaces } }: LiveState): Parts {
  const { retransRate } = totals;
  const parts = [
    part(
      1,
      span("tx ", "tx"),
      span(`${formatRate(totals.txRate)}  `),
      span("rx ", "rx"),
      span(formatRate(totals.rxRate)),
    ),
    part(
      2,
      span("sent again ", "label"),
      span(countRateText(retransRate), (retransRate ?? 0) > 0 ? "warning" : "plain"),
    ),
    part(
      3,
      ...labelled("since start tx", formatAmount(totals.txBytes)),
      span(" "),
      ...labelled("rx", formatAmount(totals.rxBytes)),
    ),
  ];
  const others = [
    { name: "tcp", moved: totals.tcp, priority: 4 },
    { name: "udp", moved: totals.udp, priority: 4 },
    { name: "interfaces", moved: interfaces, priority: 5 },
  ];
  for (const { name, moved, priority } of others) {
    if (moved === null || moved.txRate === null) continue;
    const rates = `${formatRate(moved.txRate)} out ${formatRate(moved.rxRate)} in`;
    parts.push(part(priority, ...labelled(name, rates)));
  }
  return parts;
}

function costParts({ shown, cost }: LiveState): Parts {
  const { folded, missedEvents, untracked } = shown;
  const parts = [
    part(2, ...labelled("tcptop", `${shareText(cost.cpuShare)} CPU ${formatAmount(cost.residentBytes)}`)),
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

/** Segments a second. */
function countRateText(perSecond: number | null): string {
  if (perSecond === null) return "-";
  return `${perSecond > 0 && perSecond < 10 ? perSecond.toFixed(1) : Math.round(perSecond)}/s`;
}

function shareText(share: number | null): string {
  return share === null ? "-" : `${(share * 100).toFixed(1)}%`;
}

/** The time of day in UTC, as in all outputs. */
function clockText(timeMs: number): string {
  return `${new Date(timeMs).toISOString().slice(11, 19)}Z`;
}
