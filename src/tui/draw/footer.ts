import { formatEndpoint } from "../../model/address.js";
import type { Connection } from "../../model/connection.js";
import { harmless } from "../../model/text.js";
import { fitEndpoint, textWidth, truncateText, wrapText } from "../../model/text-width.js";
import type { Command, KeyBinding } from "../live/key-table.js";
import type { LiveState } from "../live/state.js";
import { clipSpans, fittingParts, type HeaderPart, type Line, line, outsideSpan, span } from "./line.js";
import { promptLines } from "./prompt-lines.js";

/** The last lines of the screen: what is asked, what is said, or the keys. */
export function footerOf({ overlay, notice, keys, canKill, size: { columns } }: LiveState): readonly Line[] {
  switch (overlay.kind) {
    case "prompt":
      return promptLines(overlay.prompt, columns);
    case "confirm-kill":
      return [confirmation(overlay.connection, columns)];
    case "help":
      return [keysLine(PAGE_KEYS, columns)];
    case "detail":
      return notice === null ? [keysLine(detailKeys(keys.table, canKill), columns)] : said(notice, columns);
    case "menu":
      return [keysLine(MENU_KEYS[overlay.menu], columns)];
    case "none":
      return notice === null ? [keysLine(tableKeys(keys.table), columns)] : said(notice, columns);
  }
}

/** All of it, over as many lines as it takes: a filter that is cut can't be copied. */
function said(notice: string, columns: number): readonly Line[] {
  return wrapText(harmless(notice), columns).map((text) => line([span(text, "warning")]));
}

const OTHERWISE = "; any other key does not";

/** Which one it is, as it is about to be closed: rows may have moved meanwhile. Its ports, and what y does, are on every screen. */
function confirmation({ pid, comm, ...connection }: Connection, columns: number): Line {
  const local = formatEndpoint(connection.localAddr, connection.localPort);
  const remote = formatEndpoint(connection.remoteAddr, connection.remotePort);
  const process = pid === null ? "" : `${truncateText(comm ?? "", columns >> 2)} (${pid}) `;
  const rest = columns - textWidth(`y closes ${process}${connection.proto}  - `);
  const [left, right] = fittingEnds(local, remote, rest);
  const named = `${process}${connection.proto} ${left} - ${right}`;
  const hasRoom = textWidth(`y closes ${named}${OTHERWISE}`) <= columns;
  const question = [
    span("y", "key"),
    span(" closes ", "prompt"),
    outsideSpan(named, "warning"),
    ...(hasRoom ? [span(OTHERWISE, "prompt")] : []),
  ];
  return line(clipSpans(question, columns), "prompt");
}

/** Each has half of the room, and what the other one leaves. */
function fittingEnds(local: string, remote: string, room: number): readonly [string, string] {
  const half = room >> 1;
  const left = fitEndpoint(local, Math.max(half, room - textWidth(remote))).trimEnd();
  return [left, fitEndpoint(remote, Math.max(0, room - textWidth(left))).trimEnd()];
}

/** Keys at the end of the line that stay when others go: help and quit. */
const LAST_TO_GO = 2;

type NamedKeys = readonly (readonly [key: string, label: string])[];

const PAGE_KEYS: NamedKeys = [
  ["Up Down", "Scroll"],
  ["q", "Back"],
];
const MENU_KEYS: Readonly<Record<"sort" | "columns", NamedKeys>> = {
  sort: [
    ["Enter", "Sort"],
    ["q", "Back"],
  ],
  columns: [
    ["Space", "Show or hide"],
    ["< >", "Move"],
    ["q", "Back"],
  ],
};
/** What else can be done while a connection is looked at. */
function detailKeys(table: readonly KeyBinding[], canKill: boolean): NamedKeys {
  const labels = new Map<Command, string>([
    ["pause", "Pause"],
    ["row-filter", "Filter for it"],
  ]);
  if (canKill) labels.set("kill", "Close it");
  const further = table.flatMap(({ keys: [key], command }) => {
    const label = labels.get(command);
    return label === undefined || key === undefined ? [] : [[shownKey(key), label] as const];
  });
  return [...PAGE_KEYS.slice(0, 1), ...further, ...PAGE_KEYS.slice(1)];
}

function tableKeys(table: readonly KeyBinding[]): NamedKeys {
  return table.flatMap(({ keys: [key], label }) =>
    label === null || key === undefined ? [] : [[shownKey(key), label] as const],
  );
}

/** As it stands on a keyboard. */
export function shownKey(key: string): string {
  if (key.startsWith("page-")) return key === "page-up" ? "PgUp" : "PgDn";
  if (key.startsWith("ctrl+")) return `^${key.slice("ctrl+".length).toUpperCase()}`;
  return [...key].length === 1 ? key : key.charAt(0).toUpperCase() + key.slice(1);
}

/** As many as fit, whole; how to get help, and out, are the last to go. */
function keysLine(keys: NamedKeys, width: number): Line {
  const parts = keys.map(([key, label], index): HeaderPart => {
    const fromEnd = keys.length - index;
    return {
      priority: fromEnd <= LAST_TO_GO ? fromEnd : LAST_TO_GO + 1 + index,
      spans: [span(key, "key"), span(` ${label}`, "label")],
    };
  });
  return line(clipSpans(fittingParts(parts, width), width));
}
