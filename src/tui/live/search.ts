import { searchPredicate } from "../../view/search.js";
import type { LiveRow } from "./row-list.js";
import { type LiveState, withSelection } from "./state.js";

/** The next row that the search finds: from the selected on (0), after it (1), before it (-1); null for none. */
export function findMatch(state: LiveState, from: 0 | 1 | -1): number | null {
  const { rows, search, selectedIndex } = state;
  if (search === "") return null;
  const isFound = rowPredicate(search);
  const step = from === -1 ? -1 : 1;
  const all = rows.all();
  for (let tried = 0; tried < all.length; tried++) {
    const index = (((selectedIndex + from + step * tried) % all.length) + all.length) % all.length;
    const row = all[index];
    if (row !== undefined && isFound(row)) return index;
  }
  return null;
}

/** The next match selected; where there is none it is said, as nothing moves then. */
export function toMatch(state: LiveState, from: 0 | 1 | -1): LiveState {
  if (state.search === "") return { ...state, notice: "nothing is searched for" };
  const match = findMatch(state, from);
  if (match === null) return { ...state, notice: noMatch(state.search) };
  return withSelection(state, match);
}

/** What is said where a search finds no row. */
export function noMatch(search: string): string {
  return `no row matches ${search.trim()}`;
}

/** Whether a row is one that the search looks for: a group by its key or its name. */
export function rowPredicate(search: string): (row: LiveRow) => boolean {
  const isFound = searchPredicate(search);
  const wanted = search.trim().toLowerCase();
  return (row) => {
    if (row.kind === "group")
      return `${row.group.key ?? "unknown"} ${row.group.name ?? ""}`.toLowerCase().includes(wanted);
    return isFound(row.connection) || (row.server !== null && isFound(row.server));
  };
}
