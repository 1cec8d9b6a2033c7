import { GROUP_BYS } from "../../view/group/grouping.js";
import { lastTop, type Page } from "../draw/page.js";
import { reverse, sortByNeighbour, sortedColumn, withSettings } from "./arrange.js";
import type { Command } from "./key-table.js";
import { askToKill, askToKillRow, pressInConfirmation } from "./kill.js";
import { editedLine } from "./line-editor.js";
import { placesOf } from "./live-rows.js";
import { openMenu, pressInMenu } from "./menu.js";
import { openPrompt, pressInPrompt } from "./prompt.js";
import { connectionFilter, rowFilter } from "./row-filter.js";
import { toMatch } from "./search.js";
import { CLOSED_MS_CHOICES, type Settings } from "./settings.js";
import {
  type DetailPage,
  type LiveState,
  lookingOn,
  selectedRow,
  visibleRows,
  withoutNotice,
  withRows,
  withSelection,
} from "./state.js";
import { type Step, still } from "./step.js";

/** The state after a key, by its name (see key-table.ts). */
export function press(before: LiveState, keyName: string): Step {
  const state = withoutNotice(before);
  if (keyName === "ctrl+c") return { state, effect: { kind: "quit" } };
  // Whatever lies over the table; a letter may be typed there.
  const command = [...keyName].length > 1 ? state.keys.commandOf(keyName) : undefined;
  if (command === "suspend" || command === "redraw") return { state, effect: { kind: command } };
  const { overlay } = state;
  switch (overlay.kind) {
    case "prompt":
      return pressInPrompt(state, overlay.prompt, keyName);
    case "menu":
      return still(pressInMenu(state, overlay, keyName));
    case "help":
      return still(pressInPage(state, overlay, keyName));
    case "detail":
      return pressInDetail(state, overlay, keyName);
    case "confirm-kill":
      return pressInConfirmation(state, overlay, keyName);
    case "none":
      return pressInTable(state, keyName);
  }
}

function pressInTable(state: LiveState, keyName: string): Step {
  const command = state.keys.commandOf(keyName);
  return command === undefined ? still(state) : obey(state, command);
}

function obey(state: LiveState, command: Command): Step {
  switch (command) {
    case "quit":
    case "suspend":
    case "redraw":
    case "save":
      return { state, effect: { kind: command } };
    case "kill":
      return still(askToKillRow(state));
    default:
      return still(change(state, command));
  }
}

type Quiet = Exclude<Command, "quit" | "suspend" | "redraw" | "save" | "kill">;

function change(state: LiveState, command: Quiet): LiveState {
  const { selectedIndex, settings } = state;
  const page = visibleRows(state.size);
  switch (command) {
    case "up":
      return withSelection(state, selectedIndex - 1);
    case "down":
      return withSelection(state, selectedIndex + 1);
    case "page-up":
      return withSelection(state, selectedIndex - page);
    case "page-down":
      return withSelection(state, selectedIndex + page);
    case "first":
      return { ...withSelection(state, 0), selectedKey: null, chosenKey: null };
    case "last":
      return withSelection(state, state.rows.length - 1);
    case "open":
      return openRow(state);
    case "toggle-group":
      return toggleGroup(state);
    case "back":
      return back(state);
    case "search":
      return openPrompt(state, "search", editedLine(""));
    case "next-match":
      return toMatch(state, 1);
    case "previous-match":
      return toMatch(state, -1);
    case "filter":
      return openPrompt(state, "filter", editedLine(settings.filter?.text ?? ""));
    case "interval":
      return openPrompt(state, "interval", editedLine(String(state.intervalMs / 1000)));
    case "sort-menu":
      return openMenu(state, "sort", sortedColumn(settings));
    case "columns":
      return openMenu(state, "columns", null);
    case "sort-left":
      return sortByNeighbour(state, -1);
    case "sort-right":
      return sortByNeighbour(state, 1);
    case "reverse":
      return reverse(state);
    case "group":
      return withSettings(state, { groupBy: nextGroup(settings.groupBy), openGroups: new Set() });
    case "active":
      return withSettings(state, { active: !settings.active });
    case "listening":
      return withSettings(state, { listening: !settings.listening });
    case "closed":
      return nextClosed(state);
    case "pairs":
      return withSettings(state, { pairs: !settings.pairs });
    case "names":
      return withSettings(state, { names: !settings.names });
    case "pause":
      return state.isPaused
        ? lookingOn(withRows({ ...state, isPaused: false, shown: state.newest }))
        : { ...state, isPaused: true };
    case "step":
      return state.isPaused ? lookingOn(withRows({ ...state, shown: state.newest })) : state;
    case "freeze":
      return withSettings(state, { held: settings.held === null ? placesOf(state.rows) : null });
    case "row-filter":
      return sayFilter(state);
    case "help":
      return { ...state, overlay: { kind: "help", top: 0 } };
  }
}

function sayFilter(state: LiveState): LiveState {
  const row = selectedRow(state);
  return row === null ? state : { ...state, notice: rowFilter(row) };
}

export function openRow(state: LiveState): LiveState {
  const row = selectedRow(state);
  if (row === null) return state;
  if (row.kind === "group") return toggleGroup(state);
  const overlay = { kind: "detail", key: row.key, last: row.connection, top: 0 } as const;
  // From now on it is the chosen one: keys are to act on what is looked at, wherever its row goes.
  return { ...state, selectedKey: row.key, chosenKey: row.key, overlay };
}

function toggleGroup(state: LiveState): LiveState {
  const row = selectedRow(state);
  const group = row?.kind === "group" ? row.group : null;
  if (group === null || row === null) return state;
  const openGroups = new Set(state.settings.openGroups);
  if (!openGroups.delete(group.key)) openGroups.add(group.key);
  return withSettings({ ...state, selectedKey: row.key, chosenKey: row.key }, { openGroups });
}

function back(state: LiveState): LiveState {
  if (state.search !== "") return { ...state, search: "" };
  return state.settings.filter === null ? state : withSettings(state, { filter: null });
}

function nextGroup(groupBy: Settings["groupBy"]): Settings["groupBy"] {
  const index = groupBy === null ? 0 : GROUP_BYS.indexOf(groupBy) + 1;
  return GROUP_BYS[index] ?? null;
}

function nextClosed(state: LiveState): LiveState {
  const choices: readonly number[] = CLOSED_MS_CHOICES;
  const index = choices.indexOf(state.settings.closedMs);
  const closedMs = CLOSED_MS_CHOICES[(index + 1) % CLOSED_MS_CHOICES.length] ?? 0;
  const words =
    closedMs === 0 ? "ended connections go at once" : `ended connections stay for ${closedMs / 1000} s`;
  return { ...withSettings(state, { closedMs }), notice: words };
}

function pressInDetail(state: LiveState, overlay: DetailPage, keyName: string): Step {
  const command = state.keys.commandOf(keyName);
  if (command === "kill") return still(askToKill(state, overlay.last, overlay));
  if (command === "row-filter") return still({ ...state, notice: connectionFilter(overlay.last) });
  if (command === "pause" || command === "step") return obey(state, command);
  if (command === "suspend" || command === "redraw" || command === "save")
    return { state, effect: { kind: command } };
  return still(pressInPage(state, overlay, keyName));
}

/** The page further down by so many lines, as far as it goes. */
export function scrollPage(state: LiveState, page: Page, by: number): LiveState {
  const last = lastTop(state, page);
  const top = Math.max(0, Math.min(Math.min(page.top, last) + by, last));
  return { ...state, overlay: { ...page, top } };
}

function pressInPage(state: LiveState, page: Page, keyName: string): LiveState {
  const screen = visibleRows(state.size);
  switch (state.keys.commandOf(keyName)) {
    case "up":
      return scrollPage(state, page, -1);
    case "down":
      return scrollPage(state, page, 1);
    case "page-up":
      return scrollPage(state, page, -screen);
    case "page-down":
    case "toggle-group":
      return scrollPage(state, page, screen);
    case "first":
      return scrollPage(state, page, Number.NEGATIVE_INFINITY);
    case "last":
      return scrollPage(state, page, Number.POSITIVE_INFINITY);
    case "quit":
    case "back":
    case "open":
    case "help":
      return { ...state, overlay: { kind: "none" } };
    default:
      return state;
  }
}
