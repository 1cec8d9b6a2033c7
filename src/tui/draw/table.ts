import type { RowContext } from "../../model/column.js";
import type { ScreenColumn } from "../../model/screen-columns.js";
import { COLUMN_GAP, type PlacedColumn } from "../../model/screen-layout.js";
import { type GroupScreenColumn, groupScreenColumns } from "../../view/group/group-screen-columns.js";
import type { GroupBy } from "../../view/group/grouping.js";
import type { LiveRow } from "../live/live-rows.js";
import { rowPredicate } from "../live/search.js";
import { shownColumns } from "../live/settings.js";
import { contextOf, type LiveState, visibleRows } from "../live/state.js";
import { cellsOf, layColumns, titleLine } from "./columns.js";
import { EMPTY_LINE, type Line, line, type StyleName, span } from "./line.js";
import { cellStyle, rateStyle } from "./row-styles.js";

type ConnectionRow = LiveRow & { readonly kind: "connection" };
type GroupRow = LiveRow & { readonly kind: "group" };

/** Below a group's title, and left of it the mark whether it is open. */
const INDENT = 2;
/** Of two processes' names with an arrow between them. */
const PAIR_WIDTHS = { least: 24, most: 44 };

/** The titles, and the rows that are on the screen: as many lines as there are for them. */
export function tableLines(state: LiveState): readonly Line[] {
  const { groupBy } = state.settings;
  const count = visibleRows(state.size) + 1;
  const lines = [...(groupBy === null ? flatLines(state) : treeLines(state, groupBy)), ...nothing(state)];
  return [...lines, ...new Array<Line>(Math.max(0, count - lines.length)).fill(EMPTY_LINE)];
}

/** Which column of the screen is at a place of the titles' line, for the mouse; null for none. */
export function columnAt(state: LiveState, x: number): number | null {
  if (state.settings.groupBy !== null) return null;
  let left = 0;
  for (const { column, width } of layConnections(state, rowsOnScreen(state), 0)) {
    if (x >= left && x < left + width + COLUMN_GAP)
      return shownColumns(state.settings).findIndex(({ title }) => title === column.title);
    left += width + COLUMN_GAP;
  }
  return null;
}

function rowsOnScreen({ rows, top, size }: LiveState): readonly LiveRow[] {
  return rows.slice(top, top + visibleRows(size));
}

function flatLines(state: LiveState): readonly Line[] {
  const rows = rowsOnScreen(state);
  const placed = layConnections(state, rows, 0);
  const styleOf = rowStyleOf(state);
  const context = contextOf(state);
  return [
    titleLine(placed, state.settings.sort?.column ?? null, 0),
    ...rows.flatMap((row, index) =>
      row.kind === "connection" ? [connectionLine(row, placed, styleOf(row, index), context)] : [],
    ),
  ];
}

/** Groups have columns of their own; the connections below one have theirs. */
function treeLines(state: LiveState, by: GroupBy): readonly Line[] {
  const rows = rowsOnScreen(state);
  const context = contextOf(state);
  const groups = rows.filter((row): row is GroupRow => row.kind === "group");
  const width = state.size.columns - INDENT;
  const groupText = (column: GroupScreenColumn, { group }: GroupRow) => column.text(group, context);
  const placed = layColumns(groupScreenColumns(by), groups, groupText, width);
  const below = layConnections(state, rows, INDENT);
  const styleOf = rowStyleOf(state);
  return [
    titleLine(placed, state.settings.sort?.column ?? null, INDENT),
    ...rows.map((row, index) =>
      row.kind === "group"
        ? groupLine(row, placed, styleOf(row, index), context)
        : connectionLine(row, below, styleOf(row, index), context),
    ),
  ];
}

function layConnections(
  state: LiveState,
  rows: readonly LiveRow[],
  indent: number,
): readonly PlacedColumn<ScreenColumn>[] {
  const context = contextOf(state);
  const connections = rows.filter((row): row is ConnectionRow => row.kind === "connection");
  const text = (column: ScreenColumn, row: ConnectionRow) => cellText(column, row, context);
  return layColumns(columnsOf(state), connections, text, state.size.columns - indent);
}

/** Where both ends are one row, two processes have to have room. */
function columnsOf({ settings }: LiveState): readonly ScreenColumn[] {
  const columns = shownColumns(settings);
  if (!settings.pairs) return columns;
  return columns.map((column) =>
    column.sortedBy === "comm"
      ? { ...column, minWidth: PAIR_WIDTHS.least, maxWidth: PAIR_WIDTHS.most }
      : column,
  );
}

function connectionLine(
  row: ConnectionRow,
  placed: readonly PlacedColumn<ScreenColumn>[],
  rowStyle: StyleName | null,
  context: RowContext,
): Line {
  const cells = cellsOf(
    placed,
    (column) => cellText(column, row, context),
    ({ sortedBy }) => cellStyle(sortedBy, row.connection),
    rowStyle,
  );
  const indent = row.isIndented ? [span(" ".repeat(INDENT), rowStyle ?? "plain")] : [];
  return line([...indent, ...cells], fillOf(rowStyle));
}

/** Of both ends in one row, the processes of both. */
function cellText(column: ScreenColumn, { connection, server }: ConnectionRow, context: RowContext): string {
  const text = column.text(connection, context);
  return server === null || column.sortedBy !== "comm" ? text : `${text} -> ${column.text(server, context)}`;
}

function groupLine(
  { group, isOpen }: GroupRow,
  placed: readonly PlacedColumn<GroupScreenColumn>[],
  rowStyle: StyleName | null,
  context: RowContext,
): Line {
  const cells = cellsOf(
    placed,
    (column) => column.text(group, context),
    ({ sortedBy }) => groupCellStyle(sortedBy, group),
    rowStyle,
  );
  return line([span(isOpen ? "- " : "+ ", rowStyle ?? "dim"), ...cells], fillOf(rowStyle));
}

function groupCellStyle(sortedBy: GroupScreenColumn["sortedBy"], group: GroupRow["group"]): StyleName {
  switch (sortedBy) {
    case "tx_rate":
      return rateStyle(group.txRate);
    case "rx_rate":
      return rateStyle(group.rxRate);
    case "retrans":
      return (group.retrans ?? 0) > 0 ? "warning" : "dim";
    default:
      return "group";
  }
}

/** A whole row in one style when it is selected, or when it is what a search looks for; null else. */
type RowStyle = (row: LiveRow, index: number) => StyleName | null;

function rowStyleOf({ top, selectedIndex, search }: LiveState): RowStyle {
  const isFound = search === "" ? () => false : rowPredicate(search);
  return (row, index) => {
    if (top + index === selectedIndex) return "selected";
    return isFound(row) ? "match" : null;
  };
}

function fillOf(rowStyle: StyleName | null): StyleName {
  return rowStyle === "selected" ? "selected" : "plain";
}

function nothing(state: LiveState): readonly Line[] {
  if (state.rows.length > 0) return [];
  return [EMPTY_LINE, line([span(`  ${whyNothing(state.settings)}`, "dim")])];
}

function whyNothing({ filter, active, listening }: LiveState["settings"]): string {
  if (filter !== null) return "nothing matches the filter";
  if (active) return "nothing moves";
  return listening ? "nothing listens" : "no connections";
}
