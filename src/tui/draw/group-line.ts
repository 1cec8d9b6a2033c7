import type { RowContext } from "../../model/column.js";
import type { ColumnName } from "../../model/columns.js";
import { isListening } from "../../model/connection.js";
import type { ScreenColumn } from "../../model/screen-columns.js";
import { COLUMN_GAP, fitCell, type PlacedColumn } from "../../model/screen-layout.js";
import type { Group } from "../../view/group/group.js";
import { groupColumnOf } from "../../view/group/group-columns.js";
import {
  type GroupScreenColumn,
  groupScreenColumns,
  listeningGroupColumns,
} from "../../view/group/group-screen-columns.js";
import type { GroupBy } from "../../view/group/grouping.js";
import type { LiveRow } from "../live/row-list.js";
import {
  clipSpans,
  type Line,
  line,
  type Overlay,
  outsideSpan,
  type Span,
  type StyleName,
  span,
  spansWidth,
} from "./line.js";
import { amountStyle, isFilling, rateStyle } from "./row-styles.js";

/** Of a group whose connections have no key, or none that is known. */
const UNKNOWN_KEY = "unknown";

/** Of a pid and the longest name of a process: from there on how many connections a group has, below each other. */
const LABEL_WIDTH = 24;
const COUNT_GAP = 2;
/** Of "168 connections". */
const WORDS_WIDTH = 15;

/** What groups sum up, by the columns of connections in which it stands. */
export function groupColumns(by: GroupBy): ReadonlyMap<ColumnName, GroupScreenColumn> {
  const sums = [...groupScreenColumns(by), ...listeningGroupColumns(by)];
  const found = new Map<ColumnName, GroupScreenColumn>();
  for (const name of SUMMED) {
    const column = sums.find(({ sortedBy }) => sortedBy === groupColumnOf(name));
    if (column !== undefined) found.set(name, column);
  }
  return found;
}

const SUMMED = [
  ...(["tx_rate", "rx_rate", "tx_bytes", "rx_bytes", "rtt_us", "retrans"] as const),
  ...(["accept_queue", "accept_limit"] as const),
];

/** A stretch of a group's line: a sum in its column, or what lies between two of them, blank or with the group's name. */
type Stretch =
  | { readonly kind: "sum"; readonly placed: PlacedColumn; readonly sum: GroupScreenColumn }
  | { readonly kind: "between"; readonly width: number; readonly isLabel: boolean };

export interface GroupLayout {
  readonly stretches: readonly Stretch[];
  /** The width of the column of pids, where a group's name begins with one below that title; 0 else. */
  readonly pidWidth: number;
}

/** Sums stand in their columns; the group's name has the first stretch without any that has room for it, else the widest. */
export function groupLayout(placed: readonly PlacedColumn[], by: GroupBy, width: number): GroupLayout {
  const sums = groupColumns(by);
  const stretches: Stretch[] = [];
  let between = 0;
  const endStretch = () => {
    if (between > 0) stretches.push({ kind: "between", width: between, isLabel: false });
    between = 0;
  };
  for (const [index, one] of placed.entries()) {
    const sum = sums.get(one.column.sortedBy);
    const gap = index === 0 ? 0 : COLUMN_GAP;
    if (sum === undefined) between += gap + one.width;
    else {
      between += gap;
      endStretch();
      stretches.push({ kind: "sum", placed: one, sum });
    }
    if (index === placed.length - 1) between += Math.max(0, width - totalWidth(placed));
  }
  endStretch();
  const first = placed[0];
  const startsWithPid = by === "process" && first?.column.sortedBy === "pid";
  return { stretches: withLabel(stretches), pidWidth: startsWithPid ? first.width : 0 };
}

function totalWidth(placed: readonly PlacedColumn[]): number {
  return placed.reduce((sum, { width }) => sum + COLUMN_GAP + width, -COLUMN_GAP);
}

function withLabel(stretches: readonly Stretch[]): readonly Stretch[] {
  const widthOf = (one: Stretch) => (one.kind === "between" ? one.width : 0);
  const widest = stretches.reduce((best, one) => Math.max(best, widthOf(one)), 0);
  const enough = Math.min(widest, LABEL_WIDTH + WORDS_WIDTH + COLUMN_GAP);
  const label = stretches.findIndex((one) => widthOf(one) >= enough);
  return stretches.map((one, index) => (one.kind === "between" ? { ...one, isLabel: index === label } : one));
}

export function groupLine(
  { group, isOpen }: LiveRow & { readonly kind: "group" },
  { stretches, pidWidth }: GroupLayout,
  over: Overlay | null,
  context: RowContext,
): Line {
  const cells = stretches.flatMap((one): readonly Span[] => {
    if (one.kind === "sum") {
      const { column, width } = one.placed;
      return [span(fitCell(one.sum.text(group, context), column, width), sumStyle(column.sortedBy, group))];
    }
    if (!one.isLabel) return [span(" ".repeat(one.width))];
    const room = one.width - COLUMN_GAP;
    const label = clipSpans(labelOf(group, { pidWidth, room }, context), room);
    return [...label, span(" ".repeat(one.width - spansWidth(label)))];
  });
  return line([span(isOpen ? "- " : "+ ", "dim"), ...cells], "plain", over);
}

/** `2610 backend         168 connections, 10 closed`; `2610 backend  168` where there is no room for words: a number is never cut. */
function labelOf(
  group: Group,
  { pidWidth, room }: { readonly pidWidth: number; readonly room: number },
  context: RowContext,
): readonly Span[] {
  const named = nameOf(group, pidWidth, context);
  const hasWords = room >= LABEL_WIDTH + WORDS_WIDTH;
  const gap = Math.max(COUNT_GAP, hasWords ? LABEL_WIDTH - spansWidth(named) : 0);
  const left = room - spansWidth(named) - gap;
  const number = String(group.connections.length);
  const count = (hasWords ? countWords(group) : []).find((words) => words.length <= left);
  if (count !== undefined) return [...named, span(" ".repeat(gap)), span(count, "dim")];
  const shown = clipSpans(named, room - COUNT_GAP - number.length);
  return [...shown, span(" ".repeat(COUNT_GAP)), span(number, "dim")];
}

/** The longest first. */
function countWords({ connections, closedConnections }: Group): readonly string[] {
  const { length } = connections;
  const words = connections.every(isListening) ? `${length} listening` : connectionsText(length);
  return closedConnections === 0 ? [words] : [`${words}, ${closedConnections} closed`, words];
}

function connectionsText(count: number): string {
  return count === 1 ? "1 connection" : `${count} connections`;
}

/** A pid stands below that title, and what has none beside it. */
function nameOf({ by, key, name }: Group, pidWidth: number, { hostNames }: RowContext): readonly Span[] {
  if (key === null) return [span(" ".repeat(pidWidth === 0 ? 0 : pidWidth + 1)), span(UNKNOWN_KEY, "group")];
  const keyText = String(key).padStart(pidWidth);
  const called = by === "remote" ? hostNames?.get(String(key)) : name;
  if (called === null || called === undefined) return [outsideSpan(keyText, "group")];
  return [outsideSpan(keyText, pidWidth > 0 ? "plain" : "group"), span(" "), outsideSpan(called, "group")];
}

function sumStyle(column: ScreenColumn["sortedBy"], group: Group): StyleName {
  switch (column) {
    case "tx_rate":
      return rateStyle(group.txRate);
    case "rx_rate":
      return rateStyle(group.rxRate);
    case "tx_bytes":
      return amountStyle(group.txBytes);
    case "rx_bytes":
      return amountStyle(group.rxBytes);
    case "retrans":
      return amountStyle(group.retrans);
    case "accept_queue":
      // One full queue among many empty ones is what matters: the sum does not show it.
      return group.connections.some(isFilling) ? "warning" : amountStyle(group.acceptQueue);
    case "accept_limit":
      return "plain";
    default:
      return group.medianRttUs === null ? "dim" : "plain";
  }
}
