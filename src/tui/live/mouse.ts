import { footerOf, hintAt } from "../draw/footer.js";
import { columnAt } from "../draw/table.js";
import { sortByColumn } from "./arrange.js";
import { clickInMenu, scrollMenu } from "./menu.js";
import { openRow, press, scrollPage } from "./press.js";
import { type LiveState, linesAbove, visibleRows, withoutNotice, withSelection } from "./state.js";
import { type Step, still } from "./step.js";

/** Lines that one notch of the wheel goes. */
const NOTCH = 3;

/**
 * A click with the left button. Below the table, on what a key does, it does that; on a title it sorts; a row it selects, and
 * looks at when it was selected already; of a menu it takes what it meets, and closes it beside that.
 */
export function click(before: LiveState, x: number, y: number): Step {
  const { overlay, size } = before;
  const state = withoutNotice(before);
  // No click closes a connection.
  if (overlay.kind === "confirm-kill") return press(state, "escape");
  if (y >= size.rows - footerOf(before).length) {
    const key = hintAt(before, x);
    return key === null ? still(state) : press(state, key);
  }
  switch (overlay.kind) {
    case "menu":
      return still(clickInMenu(state, overlay, y));
    case "none":
      return still(clickInTable(state, x, y));
    default:
      return still(state);
  }
}

function clickInTable(state: LiveState, x: number, y: number): LiveState {
  const first = linesAbove(state.size);
  if (y === first - 1) {
    const column = columnAt(state, x);
    return column === null ? state : sortByColumn(state, column);
  }
  const index = state.top + y - first;
  if (y < first || y >= first + visibleRows(state.size) || index >= state.rows.length) return state;
  if (index === state.selectedIndex && state.selectedKey !== null) return openRow(state);
  return withSelection(state, index);
}

/** The wheel turns what is on the screen: rows, a menu, or a page. */
export function wheel(state: LiveState, direction: 1 | -1): Step {
  const { overlay } = state;
  const by = direction * NOTCH;
  switch (overlay.kind) {
    case "help":
    case "detail":
      return still(scrollPage(state, overlay, by));
    case "menu":
      return still(scrollMenu(state, overlay, by));
    case "none":
      return still(withSelection(state, state.selectedIndex + by));
    default:
      return still(state);
  }
}
