import { FURTHER_COLUMNS, SCREEN_COLUMNS, type ScreenColumn } from "../../model/screen-columns.js";
import { sortByColumn, withSettings } from "./arrange.js";
import { shownColumns } from "./settings.js";
import type { LiveState } from "./state.js";

type Menu = Extract<LiveState["overlay"], { kind: "menu" }>;

/** The columns that a menu lists: those that can be sorted by, or all that there are, the shown first. */
export function menuColumns({ settings }: LiveState, menu: Menu["menu"]): readonly ScreenColumn[] {
  if (menu === "sort") return shownColumns(settings);
  const hidden = [...SCREEN_COLUMNS, ...FURTHER_COLUMNS].filter(
    (column) => !settings.columns.includes(column),
  );
  return [...settings.columns, ...hidden];
}

export function pressInMenu(state: LiveState, menu: Menu, keyName: string): LiveState {
  const listed = menuColumns(state, menu.menu);
  const at = (index: number): LiveState => ({
    ...state,
    overlay: { ...menu, index: Math.max(0, Math.min(index, listed.length - 1)) },
  });
  if (menu.menu === "columns" && (keyName === "<" || keyName === "left"))
    return move(at(menu.index - 1), menu.index, -1);
  if (menu.menu === "columns" && (keyName === ">" || keyName === "right"))
    return move(at(menu.index + 1), menu.index, 1);
  switch (state.keys.commandOf(keyName)) {
    case "up":
      return at(menu.index - 1);
    case "down":
      return at(menu.index + 1);
    case "first":
      return at(0);
    case "last":
      return at(listed.length - 1);
    case "open":
    case "toggle-group":
      return menu.menu === "sort"
        ? sortByColumn({ ...state, overlay: { kind: "none" } }, menu.index)
        : toggle(state, listed[menu.index]);
    case "back":
    case "quit":
    case "columns":
    case "sort-menu":
      return { ...state, overlay: { kind: "none" } };
    default:
      return state;
  }
}

/** Shows a column, or hides it; one has to stay. */
function toggle(state: LiveState, column: ScreenColumn | undefined): LiveState {
  const { columns } = state.settings;
  if (column === undefined) return state;
  if (!columns.includes(column)) return withSettings(state, { columns: [...columns, column] });
  const rest = columns.filter((one) => one !== column);
  return rest.length === 0 ? state : withSettings(state, { columns: rest });
}

/** Changes places with the neighbour, among those that are shown. */
function move(moved: LiveState, index: number, by: 1 | -1): LiveState {
  const columns = [...moved.settings.columns];
  const [one, other] = [columns[index], columns[index + by]];
  if (one === undefined || other === undefined) return moved;
  columns[index] = other;
  columns[index + by] = one;
  return withSettings(moved, { columns });
}
