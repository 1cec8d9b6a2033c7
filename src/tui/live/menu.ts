import { COLUMN_CHOICES, chosen } from "../../model/column-choices.js";
import type { ScreenColumn } from "../../model/screen-columns.js";
import { sortByChoice, withColumns } from "./arrange.js";
import { shownColumns } from "./settings.js";
import { type LiveState, visibleRows } from "./state.js";

type Menu = Extract<LiveState["overlay"], { kind: "menu" }>;

/** A menu of columns, at the one that is called so, or at the first. */
export function openMenu(state: LiveState, menu: Menu["menu"], name: string | null): LiveState {
  const index = menuColumns(state).findIndex(({ sortedBy }) => sortedBy === name);
  return { ...state, overlay: { kind: "menu", menu, index: Math.max(0, index), typed: "" } };
}

/** The columns that a menu lists: those that are shown, as they stand, and behind them all others. */
export function menuColumns({ settings }: LiveState): readonly ScreenColumn[] {
  const shown = shownColumns(settings);
  return [...shown, ...COLUMN_CHOICES.filter((column) => !isAmong(shown, column))];
}

export function isAmong(columns: readonly ScreenColumn[], { sortedBy }: ScreenColumn): boolean {
  return columns.some((column) => column.sortedBy === sortedBy);
}

export function pressInMenu(state: LiveState, menu: Menu, keyName: string): LiveState {
  if (menu.menu === "columns" && (keyName === "<" || keyName === "left")) return move(state, menu, -1);
  if (menu.menu === "columns" && (keyName === ">" || keyName === "right")) return move(state, menu, 1);
  if (keyName === "backspace") return typeInMenu(state, menu, menu.typed.slice(0, -1));
  const command = state.keys.commandOf(keyName);
  const closes = command === "quit" || command === "back";
  if (closes && menu.typed === "") return { ...state, overlay: { kind: "none" } };
  if (keyName === "escape") return typeInMenu(state, menu, "");
  if ([...keyName].length === 1) return typeInMenu(state, menu, menu.typed + keyName);
  return command === undefined ? state : obey(state, menu, command);
}

function obey(state: LiveState, menu: Menu, command: string): LiveState {
  const listed = menuColumns(state);
  const page = visibleRows(state.size);
  switch (command) {
    case "up":
      return at(state, menu, menu.index - 1);
    case "down":
      return at(state, menu, menu.index + 1);
    case "page-up":
      return at(state, menu, menu.index - page);
    case "page-down":
      return at(state, menu, menu.index + page);
    case "first":
      return at(state, menu, 0);
    case "last":
      return at(state, menu, listed.length - 1);
    case "open":
    case "toggle-group":
      return take(state, menu, listed[menu.index]);
    case "columns":
    case "sort-menu":
      return { ...state, overlay: { kind: "none" } };
    default:
      return state;
  }
}

/** What is typed goes to the column of that name, or the first whose name begins so, or has it in it; what none has is not taken. */
function typeInMenu(state: LiveState, menu: Menu, typed: string): LiveState {
  if (typed === "") return { ...state, overlay: { ...menu, typed } };
  const wanted = typed.toLowerCase();
  const names = menuColumns(state).map(({ title, sortedBy }) => [title.toLowerCase(), sortedBy]);
  for (const fits of [isSame, begins, contains]) {
    const index = names.findIndex((all) => all.some((name) => fits(name, wanted)));
    if (index >= 0) return { ...state, overlay: { ...menu, typed, index } };
  }
  return state;
}

function isSame(name: string, wanted: string): boolean {
  return name === wanted;
}

function begins(name: string, wanted: string): boolean {
  return name.startsWith(wanted);
}

function contains(name: string, wanted: string): boolean {
  return name.includes(wanted);
}

/** The menu at another column; what was typed has done its work. */
function at(state: LiveState, menu: Menu, wanted: number): LiveState {
  const index = Math.max(0, Math.min(wanted, menuColumns(state).length - 1));
  return { ...state, overlay: { ...menu, index, typed: "" } };
}

function take(state: LiveState, menu: Menu, column: ScreenColumn | undefined): LiveState {
  if (column === undefined) return state;
  if (menu.menu === "sort") return sortByChoice({ ...state, overlay: { kind: "none" } }, column.sortedBy);
  return toggle({ ...state, overlay: { ...menu, typed: "" } }, column);
}

/** Shows a column, or hides it; one has to stay. */
function toggle(state: LiveState, column: ScreenColumn): LiveState {
  const shown = shownColumns(state.settings);
  if (!isAmong(shown, column)) return withColumns(state, [...shown, chosen(column)]);
  const rest = shown.filter(({ sortedBy }) => sortedBy !== column.sortedBy);
  return rest.length === 0 ? state : withColumns(state, rest);
}

/** Changes places with the neighbour, among those that are shown. */
function move(state: LiveState, menu: Menu, by: 1 | -1): LiveState {
  const columns = [...shownColumns(state.settings)];
  const moved = at(state, menu, menu.index + by);
  const [one, other] = [columns[menu.index], columns[menu.index + by]];
  if (one === undefined || other === undefined) return moved;
  columns[menu.index] = other;
  columns[menu.index + by] = one;
  return withColumns(moved, columns);
}
