import { COLUMN_CHOICES, chosen } from "../../model/column-choices.js";
import type { ScreenColumn } from "../../model/screen-columns.js";
import { sortByChoice, withColumns } from "./arrange.js";
import { type Command, KeyBindings } from "./key-table.js";
import { shownColumns } from "./settings.js";
import { type LiveState, linesAbove, type Menu, visibleRows } from "./state.js";

/** Letters are typed here: whoever has given all that moves to letters can still use the keys that have names. */
const USUAL_KEYS = new KeyBindings();

/** A menu of columns, at the one that is called so, or at the first. */
export function openMenu(state: LiveState, menu: Menu["menu"], name: string | null): LiveState {
  const shown = shownColumns(state.settings);
  // Those that are shown, as they stand, and behind them all others.
  const listed = [...shown, ...COLUMN_CHOICES.filter((column) => !isAmong(shown, column))];
  const index = Math.max(
    0,
    listed.findIndex(({ sortedBy }) => sortedBy === name),
  );
  const top = index - Math.floor(visibleRows(state.size) / 2);
  return { ...state, overlay: { kind: "menu", menu, listed, index, top, typed: "" } };
}

/** The first column that is on the screen; that which the menu stands at is on it, too. */
export function firstListed({ size }: LiveState, { listed, index, top }: Menu): number {
  const room = visibleRows(size);
  const least = Math.max(top, index - room + 1);
  return Math.max(0, Math.min(least, index, listed.length - room));
}

export function isAmong(columns: readonly ScreenColumn[], { sortedBy }: ScreenColumn): boolean {
  return columns.some((column) => column.sortedBy === sortedBy);
}

export function pressInMenu(state: LiveState, menu: Menu, keyName: string): LiveState {
  if (menu.menu === "columns" && (keyName === "<" || keyName === "left")) return move(state, menu, -1);
  if (menu.menu === "columns" && (keyName === ">" || keyName === "right")) return move(state, menu, 1);
  if (keyName === "backspace") return typeInMenu(state, menu, menu.typed.slice(0, -1));
  const command = state.keys.commandOf(keyName);
  const closes = command === "quit" || command === "back" || keyName === "escape";
  if (closes && menu.typed === "") return closed(state);
  if (keyName === "escape") return typeInMenu(state, menu, "");
  if ([...keyName].length === 1) return typeInMenu(state, menu, menu.typed + keyName);
  return obey(state, menu, USUAL_KEYS.commandOf(keyName) ?? command);
}

/** A click in line `y` of the screen: on a column as the key that takes it; beside the menu it closes that. */
export function clickInMenu(state: LiveState, menu: Menu, y: number): LiveState {
  const row = y - linesAbove(state.size);
  // Its title.
  if (row === -1) return state;
  const index = firstListed(state, menu) + row;
  const isListed = row >= 0 && row < visibleRows(state.size) && index < menu.listed.length;
  return isListed ? take(state, { ...menu, index, top: firstListed(state, menu) }) : closed(state);
}

/** Goes on by so many columns; the one that it stands at stays, as long as it is on the screen. */
export function scrollMenu(state: LiveState, menu: Menu, by: number): LiveState {
  const room = visibleRows(state.size);
  const last = Math.max(0, menu.listed.length - room);
  const top = Math.max(0, Math.min(firstListed(state, menu) + by, last));
  const index = Math.max(top, Math.min(menu.index, top + room - 1));
  return { ...state, overlay: { ...menu, top, index, typed: index === menu.index ? menu.typed : "" } };
}

function obey(state: LiveState, menu: Menu, command: Command | undefined): LiveState {
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
      return at(state, menu, menu.listed.length - 1);
    case "open":
    case "toggle-group":
      return take(state, menu);
    case "columns":
    case "sort-menu":
      return closed(state);
    default:
      return state;
  }
}

function closed(state: LiveState): LiveState {
  return { ...state, overlay: { kind: "none" } };
}

/** What is typed goes to the column of that name, or the first whose name begins so, or has it in it; what none has is not taken. */
function typeInMenu(state: LiveState, menu: Menu, typed: string): LiveState {
  if (typed === "") return { ...state, overlay: { ...menu, typed } };
  const wanted = typed.toLowerCase();
  const names = menu.listed.map(({ title, sortedBy }) => [title.toLowerCase(), sortedBy]);
  for (const fits of [isSame, begins, contains]) {
    const index = names.findIndex((all) => all.some((name) => fits(name, wanted)));
    if (index >= 0) return { ...state, overlay: standingAt(state, menu, index, typed) };
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
  const index = Math.max(0, Math.min(wanted, menu.listed.length - 1));
  return { ...state, overlay: standingAt(state, menu, index, "") };
}

/** It scrolls no further than it has to. */
function standingAt(state: LiveState, menu: Menu, index: number, typed: string): Menu {
  const moved = { ...menu, index, typed, top: firstListed(state, menu) };
  return { ...moved, top: firstListed(state, moved) };
}

function take(state: LiveState, menu: Menu): LiveState {
  const column = menu.listed[menu.index];
  if (column === undefined) return state;
  if (menu.menu === "sort") return sortByChoice(closed(state), column.sortedBy);
  return toggle({ ...state, overlay: { ...menu, typed: "" } }, menu, column);
}

/** Shows a column where it stands in the menu, or hides it; one has to stay. */
function toggle(state: LiveState, { listed }: Menu, column: ScreenColumn): LiveState {
  const shown = shownColumns(state.settings);
  if (!isAmong(shown, column)) return withColumns(state, inOrder(listed, [...shown, chosen(column)]));
  const rest = shown.filter(({ sortedBy }) => sortedBy !== column.sortedBy);
  return rest.length === 0 ? state : withColumns(state, rest);
}

/** Changes places with the neighbour in the menu, and so in the table where both are shown. */
function move(state: LiveState, menu: Menu, by: 1 | -1): LiveState {
  const [one, other] = [menu.listed[menu.index], menu.listed[menu.index + by]];
  if (one === undefined || other === undefined) return at(state, menu, menu.index);
  const listed = menu.listed.with(menu.index, other).with(menu.index + by, one);
  const moved = at(state, { ...menu, listed }, menu.index + by);
  return withColumns(moved, inOrder(listed, shownColumns(state.settings)));
}

/** Some of the columns that are listed, in that order. */
function inOrder(listed: readonly ScreenColumn[], columns: readonly ScreenColumn[]): readonly ScreenColumn[] {
  const byName = new Map(columns.map((column) => [column.sortedBy, column]));
  return listed.flatMap(({ sortedBy }) => byName.get(sortedBy) ?? []);
}
