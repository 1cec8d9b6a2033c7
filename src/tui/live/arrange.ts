import { firstDirection } from "../../model/column-choices.js";
import type { ColumnName } from "../../model/columns.js";
import type { ScreenColumn } from "../../model/screen-columns.js";
import { findGroupColumn, groupColumnOf } from "../../view/group/group-columns.js";
import { shownOnScreen } from "../draw/table.js";
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
  const sorted = sortByColumn(state, column);
  return { ...sorted, notice: unseen(sorted, column) };
}

function unseen(state: LiveState, column: ColumnName): string | null {
  const { settings } = state;
  if (settings.groupBy !== null && findGroupColumn(groupColumnOf(column)) === undefined)
    return `groups have no ${column}: only what is below them is sorted by it`;
  return isOnScreen(state, column) ? null : `sorted by ${column}, which is not on the screen: c shows it`;
}

/** Sorts by the next column that is on the screen, right of the one that it is sorted by, or left of it. */
export function sortByNeighbour(state: LiveState, places: 1 | -1): LiveState {
  const shown = shownColumns(state.settings).map(({ sortedBy }) => sortedBy);
  const at = shown.indexOf(sortedColumn(state.settings));
  const further = places === 1 ? shown.slice(at + 1) : shown.slice(0, Math.max(0, at)).toReversed();
  const column = further.find((one) => isOnScreen(state, one));
  return column === undefined ? state : sortByColumn(state, column);
}

/** A column that was chosen may have no room. */
function isOnScreen(state: LiveState, column: ColumnName): boolean {
  return shownOnScreen(state).some(({ sortedBy }) => sortedBy === column);
}

/** Where the table is sorted by no column, what comes nearest to the usual order: the busiest, or the fullest accept queue, first. */
export function sortedColumn({ sort, listening }: Settings): ColumnName {
  return sort?.column ?? (listening ? "accept_queue" : "tx_rate");
}

export function reverse(state: LiveState): LiveState {
  const sort = state.settings.sort ?? { column: sortedColumn(state.settings), direction: "desc" };
  const direction = sort.direction === "asc" ? "desc" : "asc";
  return withSettings(state, { sort: { ...sort, direction }, held: null });
}
