import { columnAt } from "../draw/table.js";
import { sortByColumn } from "./arrange.js";
import { openRow, press } from "./press.js";
import { type LiveState, linesAbove, visibleRows, withSelection } from "./state.js";
import { type Step, still } from "./step.js";

/** Rows that one notch of the wheel goes. */
const NOTCH = 3;

/** A click with the left button: a title sorts, a row is selected, and looked at when it was selected already. */
export function click(state: LiveState, x: number, y: number): Step {
  if (state.overlay.kind !== "none") return still(state);
  const first = linesAbove(state.size);
  if (y === first - 1) {
    const column = columnAt(state, x);
    return still(column === null ? state : sortByColumn(state, column));
  }
  const index = state.top + y - first;
  if (y < first || y >= first + visibleRows(state.size) || index >= state.rows.length) return still(state);
  if (index === state.selectedIndex && state.selectedKey !== null) return still(openRow(state));
  return still(withSelection(state, index));
}

/** The wheel turns what is on the screen: rows, or a page. */
export function wheel(state: LiveState, direction: 1 | -1): Step {
  const { overlay } = state;
  if (overlay.kind === "help" || overlay.kind === "detail" || overlay.kind === "menu")
    return press(state, direction === 1 ? "down" : "up");
  if (overlay.kind !== "none") return still(state);
  return still(withSelection(state, state.selectedIndex + direction * NOTCH));
}
