import type { Command, KeyBinding } from "../live/key-table.js";
import type { LiveRow } from "../live/row-list.js";
import { type LiveState, type Menu, selectedRow } from "../live/state.js";
import {
  clipSpans,
  fittingParts,
  type HeaderPart,
  type Line,
  line,
  PART_GAP,
  shownParts,
  span,
  spansWidth,
} from "./line.js";

/** A key, and what it does, in the last line of the screen. */
interface Hint {
  /** As it stands on a keyboard. */
  readonly shown: string;
  readonly label: string;
  /** As the decoder of keys names it; null for a hint of several keys. */
  readonly key: string | null;
}

type HintPart = HeaderPart & { readonly key: string | null };

/** Hints at the end of the line that stay when others go: help and quit. */
const LAST_TO_GO = 2;

/** What can be done with what is on the screen, by the keys that the user has given to it. */
export function hintsOf(state: LiveState): readonly Hint[] {
  const { overlay, canKill } = state;
  const { table } = state.keys;
  switch (overlay.kind) {
    case "help":
      return [scrolling(table), ...leaving(table)];
    case "detail":
      return [scrolling(table), ...detailHints(table, canKill), ...leaving(table)];
    case "menu":
      return [...MENU_HINTS[overlay.menu], ...leavingMenu(table, overlay)];
    default:
      return tableHints(table, selectedRow(state));
  }
}

/** As many as fit, whole; how to get help, and out, are the last to go. */
export function hintsLine(hints: readonly Hint[], width: number): Line {
  return line(clipSpans(fittingParts(partsOf(hints), width), width));
}

/** The key of what stands at column `x` of that line. */
export function hintKeyAt(hints: readonly Hint[], x: number, width: number): string | null {
  let left = 0;
  for (const [{ key }, spans] of shownParts(partsOf(hints), width)) {
    const right = left + spansWidth(spans);
    if (x >= left && x < right) return key;
    left = right + PART_GAP;
  }
  return null;
}

/** As it stands on a keyboard. */
export function shownKey(key: string): string {
  if (key.startsWith("page-")) return key === "page-up" ? "PgUp" : "PgDn";
  if (key.startsWith("ctrl+")) return `^${key.slice("ctrl+".length).toUpperCase()}`;
  return [...key].length === 1 ? key : key.charAt(0).toUpperCase() + key.slice(1);
}

function partsOf(hints: readonly Hint[]): readonly HintPart[] {
  return hints.map(({ shown, label, key }, index): HintPart => {
    const fromEnd = hints.length - index;
    return {
      priority: fromEnd <= LAST_TO_GO ? fromEnd : LAST_TO_GO + 1 + index,
      spans: [span(shown, "key"), span(` ${label}`, "label")],
      key,
    };
  });
}

function hint(key: string, label: string): Hint {
  return { shown: shownKey(key), label, key };
}

function tableHints(table: readonly KeyBinding[], selected: LiveRow | null): readonly Hint[] {
  return table.flatMap(({ command, keys: [key], label }) => {
    if (label === null || key === undefined) return [];
    return [hint(key, command === "open" ? openLabel(selected, label) : label)];
  });
}

/** A group opens and shuts: words as long as the usual one, so that the line stays as it is while the selection moves. */
function openLabel(selected: LiveRow | null, usual: string): string {
  if (selected?.kind !== "group") return usual;
  return selected.isOpen ? "Shut" : "Open";
}

/** These keys are the same whatever the user has changed: see `pressInMenu`. */
const MENU_HINTS: Readonly<Record<Menu["menu"], readonly Hint[]>> = {
  sort: [hint("enter", "Sort")],
  columns: [hint("space", "Show or hide"), { shown: "< >", label: "Move", key: null }],
};

/** A letter is typed when others have been. */
function leavingMenu(table: readonly KeyBinding[], { typed }: Menu): readonly Hint[] {
  return typed === "" ? leaving(table) : [hint("escape", "Clear")];
}

function scrolling(table: readonly KeyBinding[]): Hint {
  const keys = [keyOf(table, "up"), keyOf(table, "down")].flatMap((key) => key ?? []);
  return { shown: keys.map(shownKey).join(" "), label: "Scroll", key: null };
}

function leaving(table: readonly KeyBinding[]): readonly Hint[] {
  const key = keyOf(table, "quit") ?? keyOf(table, "back");
  return key === undefined ? [] : [hint(key, "Back")];
}

/** What else can be done while a connection is looked at. */
function detailHints(table: readonly KeyBinding[], canKill: boolean): readonly Hint[] {
  const labels = new Map<Command, string>([
    ["pause", "Pause"],
    ["row-filter", "Filter for it"],
  ]);
  if (canKill) labels.set("kill", "Close it");
  return table.flatMap(({ keys: [key], command }) => {
    const label = labels.get(command);
    return label === undefined || key === undefined ? [] : [hint(key, label)];
  });
}

function keyOf(table: readonly KeyBinding[], command: Command): string | undefined {
  return table.find((binding) => binding.command === command)?.keys[0];
}
