import { defaultDirection } from "../../model/column.js";
import { findColumn } from "../../model/columns.js";
import { type Settings, shownColumns } from "./settings.js";
import { type LiveState, withRows } from "./state.js";

export function withSettings(state: LiveState, changes: Partial<Settings>): LiveState {
  return withRows({ ...state, settings: { ...state.settings, ...changes } });
}

/** Sorts by a column of the screen; by the one that it is sorted by already, the other way round. */
export function sortByColumn(state: LiveState, index: number): LiveState {
  const column = shownColumns(state.settings)[index];
  if (column === undefined) return state;
  const { sort } = state.settings;
  if (sort?.column === column.sortedBy) return reverse(state);
  const schema = findColumn(column.sortedBy);
  const direction = schema === undefined ? "desc" : defaultDirection(schema);
  return withSettings(state, { sort: { column: column.sortedBy, direction }, held: null });
}

/** Where the table is sorted by no column, the busiest come first: by TX/s, as near as a column comes to that. */
export function sortedColumnIndex(settings: Settings): number {
  const name = settings.sort?.column ?? "tx_rate";
  return Math.max(
    0,
    shownColumns(settings).findIndex(({ sortedBy }) => sortedBy === name),
  );
}

export function reverse(state: LiveState): LiveState {
  const sort = state.settings.sort ?? { column: "tx_rate", direction: "desc" };
  const direction = sort.direction === "asc" ? "desc" : "asc";
  return withSettings(state, { sort: { ...sort, direction }, held: null });
}
