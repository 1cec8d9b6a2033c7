import { firstDirection } from "../../model/column-choices.js";
import type { ColumnName } from "../../model/columns.js";
import type { ScreenColumn } from "../../model/screen-columns.js";
import { findGroupColumn, groupColumnOf } from "../../view/group/group-columns.js";
import { type Settings, shownColumns } from "./settings.js";
import { type LiveState, withRows } from "./state.js";

export function withSettings(state: LiveState, changes: Partial<Settings>): LiveState {
  return withRows({ ...state, settings: { ...state.settings, ...changes } });
}

/** The state with other columns in the view that is on the screen: connections and listening sockets have their own. */
export function withColumns(state: LiveState, columns: readonly ScreenColumn[]): LiveState {
  const { listening } = state.settings;
  return withSettings(state, listening ? { listeningColumns: columns } : { columns });
}

/** Sorts by a column; by the one that it is sorted by already, the other way round. */
export function sortByColumn(state: LiveState, column: ColumnName): LiveState {
  if (state.settings.sort?.column === column) return reverse(state);
  return withSettings(state, { sort: { column, direction: firstDirection(column) }, held: null });
}

/** As `sortByColumn`; what can't be seen is said. */
export function sortByChoice(state: LiveState, column: ColumnName): LiveState {
  return { ...sortByColumn(state, column), notice: unseen(state.settings, column) };
}

function unseen(settings: Settings, column: ColumnName): string | null {
  if (settings.groupBy !== null && findGroupColumn(groupColumnOf(column)) === undefined)
    return `groups have no ${column}: only what is below them is sorted by it`;
  const isShown = shownColumns(settings).some(({ sortedBy }) => sortedBy === column);
  return isShown ? null : `sorted by ${column}, which is not on the screen: c shows it`;
}

/** Sorts by the column that is so many places right of the one that it is sorted by. */
export function sortByNeighbour(state: LiveState, places: 1 | -1): LiveState {
  const shown = shownColumns(state.settings);
  const column = shown[shown.findIndex(({ sortedBy }) => sortedBy === sortedColumn(state.settings)) + places];
  return column === undefined ? state : sortByColumn(state, column.sortedBy);
}

/** Where the table is sorted by no column, the busiest come first: by TX/s, as near as a column comes to that. */
export function sortedColumn({ sort }: Settings): ColumnName {
  return sort?.column ?? "tx_rate";
}

export function reverse(state: LiveState): LiveState {
  const sort = state.settings.sort ?? { column: "tx_rate", direction: "desc" };
  const direction = sort.direction === "asc" ? "desc" : "asc";
  return withSettings(state, { sort: { ...sort, direction }, held: null });
}
