import type { RowContext } from "../../model/column.js";
import type { ColumnName } from "../../model/columns.js";
import type { ScreenColumn } from "../../model/screen-columns.js";
import { COLUMN_GAP, type PlacedColumn, placeColumns } from "../../model/screen-layout.js";
import { isBlank } from "../../model/snapshot.js";
import type { GroupBy } from "../../view/group/grouping.js";
import type { Widths } from "../live/column-widths.js";
import type { LiveRow } from "../live/row-list.js";
import { rowPredicate } from "../live/search.js";
import { shownColumns } from "../live/settings.js";
import { contextOf, type LiveState, visibleRows } from "../live/state.js";
import { cellsOf, neededWidth, titleLine } from "./columns.js";
import { groupColumns, groupLayout, groupLine } from "./group-line.js";
import { EMPTY_LINE, type Line, line, type Overlay, span } from "./line.js";
import { cellStyle } from "./row-styles.js";
import { coloredBy, withLimitInState } from "./state-or-limit.js";

type ConnectionRow = LiveRow & { readonly kind: "connection" };

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

/** What a column sorts by that is at a place of the titles' line, for the mouse; null for none. */
export function columnAt(state: LiveState, x: number): ColumnName | null {
  let left = state.settings.groupBy === null ? 0 : INDENT;
  for (const { column, width } of layOut(state, rowsOnScreen(state))) {
    if (x >= left && x < left + width + COLUMN_GAP) return column.sortedBy;
    left += width + COLUMN_GAP;
  }
  return null;
}

function rowsOnScreen({ rows, top, size }: LiveState): readonly LiveRow[] {
  return rows.slice(top, top + visibleRows(size));
}

function flatLines(state: LiveState): readonly Line[] {
  const rows = rowsOnScreen(state);
  const placed = layOut(state, rows);
  const overOf = overlayOf(state);
  const context = contextOf(state);
  return [
    titleLine(placed, state.settings.sort, 0),
    ...rows.flatMap((row, index) =>
      row.kind === "connection" ? [connectionLine(row, placed, overOf(row, index), context, "")] : [],
    ),
  ];
}

/** One table of groups and of the connections below them: what a group sums up stands above what it is the sum of. */
function treeLines(state: LiveState, by: GroupBy): readonly Line[] {
  const rows = rowsOnScreen(state);
  const context = contextOf(state);
  const placed = layOut(state, rows);
  const layout = groupLayout(placed, by, state.size.columns - INDENT);
  const overOf = overlayOf(state);
  return [
    titleLine(placed, state.settings.sort, INDENT),
    ...rows.map((row, index) => {
      if (row.kind === "group") return groupLine(row, layout, overOf(row, index), context);
      // Also below the last that is on the screen.
      const isLast = state.rows.at(state.top + index + 1)?.kind !== "connection";
      return connectionLine(row, placed, overOf(row, index), context, isLast ? "└ " : "│ ");
    }),
  ];
}

/** The columns that there is room for, as the table is now. */
export function shownOnScreen(state: LiveState): readonly ScreenColumn[] {
  return layOut(state, rowsOnScreen(state)).map(({ column }) => column);
}

function layOut(state: LiveState, rows: readonly LiveRow[]): readonly PlacedColumn<ScreenColumn>[] {
  const { widths, size, settings } = state;
  const columns = columnsOf(state);
  const text = cellTexts(state);
  const wanted = columns.map((column) => widths?.get(column.sortedBy) ?? neededWidth(column, rows, text));
  const placed =
    settings.groupBy === null
      ? placeColumns(columns, wanted, size.columns)
      : placeColumns(columns.map(besideBranch), wanted, size.columns - INDENT);
  return withLimitInState(columns, placed);
}

/** How wide each column has to be for the rows that are on the screen. */
export function neededWidths(state: LiveState): Widths {
  const rows = rowsOnScreen(state);
  const text = cellTexts(state);
  return new Map(
    columnsOf(state).map((column) => [column.sortedBy, neededWidth(column, rows, text)] as const),
  );
}

/** What stands in a column of a row; of a group where it has a sum there. */
function cellTexts(state: LiveState): (column: ScreenColumn, row: LiveRow) => string {
  const context = contextOf(state);
  const { groupBy } = state.settings;
  const sums = groupBy === null ? null : groupColumns(groupBy);
  return (column, row) =>
    row.kind === "connection"
      ? cellText(column, row, context)
      : (sums?.get(column.sortedBy)?.text(row.group, context) ?? "");
}

/** What a tree takes of the screen the names of processes give up where room is scarce: rates are what groups are for. */
function besideBranch(column: ScreenColumn): ScreenColumn {
  if (column.sortedBy !== "comm" || column.minWidth === null) return column;
  return { ...column, minWidth: column.minWidth - INDENT };
}

/** Where both ends are one row, which they never are in groups, two processes have to have room. */
function columnsOf({ settings }: LiveState): readonly ScreenColumn[] {
  const columns = shownColumns(settings);
  if (!settings.pairs || settings.groupBy !== null) return columns;
  return columns.map((column) =>
    column.sortedBy === "comm"
      ? { ...column, minWidth: PAIR_WIDTHS.least, maxWidth: PAIR_WIDTHS.most }
      : column,
  );
}

/** `branch` stands left of what is below a group. */
function connectionLine(
  row: ConnectionRow,
  placed: readonly PlacedColumn<ScreenColumn>[],
  over: Overlay | null,
  context: RowContext,
  branch: string,
): Line {
  const cells = cellsOf(
    placed,
    (column) => cellText(column, row, context),
    (column) => cellStyle(coloredBy(column, row.connection), row.connection),
  );
  return line([...(branch === "" ? [] : [span(branch, "dim")]), ...cells], "plain", over);
}

/** Of both ends in one row, the processes of both. */
function cellText(column: ScreenColumn, { connection, server }: ConnectionRow, context: RowContext): string {
  const text = column.text(connection, context);
  return server === null || column.sortedBy !== "comm" ? text : `${text} -> ${column.text(server, context)}`;
}

/** What lies over a row that is selected, or that a search looks for. */
type OverlayOf = (row: LiveRow, index: number) => Overlay | null;

function overlayOf({ top, selectedIndex, search }: LiveState): OverlayOf {
  const isFound = search === "" ? () => false : rowPredicate(search);
  return (row, index) => {
    if (top + index === selectedIndex) return "selected";
    return isFound(row) ? "match" : null;
  };
}

function nothing(state: LiveState): readonly Line[] {
  if (state.rows.length > 0) return [];
  return [EMPTY_LINE, line([span(`  ${whyNothing(state)}`, "dim")])];
}

function whyNothing({ shown, settings }: LiveState): string {
  const { filter, active, listening } = settings;
  if (isBlank(shown)) return "the first sample is awaited";
  if (filter !== null) return "nothing matches the filter";
  if (active) return "nothing moves";
  return listening ? "nothing listens" : "no connections";
}
