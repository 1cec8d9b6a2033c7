import type { RowContext } from "../../model/column.js";
import { rowContext } from "../../model/column.js";
import type { Connection } from "../../model/connection.js";
import type { Rung } from "../../model/rung.js";
import type { ScreenColumn } from "../../model/screen-columns.js";
import { emptySnapshot, type Snapshot } from "../../model/snapshot.js";
import type { ChartSymbols } from "../chart/chart-symbols.js";
import type { Size } from "../screen/screen.js";
import type { Widths } from "./column-widths.js";
import type { Moment } from "./history.js";
import type { KeyBindings } from "./key-table.js";
import type { EditedLine } from "./line-editor.js";
import { liveRows } from "./live-rows.js";
import { type LiveRow, MadeRows, type RowList } from "./row-list.js";
import type { Settings } from "./settings.js";

/** What lies over the table, and takes the keys. */
export type Overlay =
  | { readonly kind: "none" }
  | { readonly kind: "prompt"; readonly prompt: Prompt }
  | { readonly kind: "help"; readonly top: number }
  | Menu
  | DetailPage
  /** What is to be closed is what is named, whatever becomes of its row; asked for on its page or in the table. */
  | { readonly kind: "confirm-kill"; readonly connection: Connection; readonly over: DetailPage | null };

/** Columns to choose from. */
export interface Menu {
  readonly kind: "menu";
  readonly menu: "sort" | "columns";
  /** In the order of when it was opened: what is hidden, or shown again, stays where it stands. */
  readonly listed: readonly ScreenColumn[];
  readonly index: number;
  /** Which of them is the first on the screen, as far as the screen allows: see `firstListed`. */
  readonly top: number;
  /** The beginning of a column's name, as far as it has been typed. */
  readonly typed: string;
}

/** One connection, by the key of its row, as it was when it was last among the rows. */
export interface DetailPage {
  readonly kind: "detail";
  readonly key: string;
  readonly last: Connection;
  readonly top: number;
}

export interface Prompt {
  readonly asks: "filter" | "search" | "interval";
  readonly line: EditedLine;
  /** What is wrong with what has been typed, and where; null when nothing is. */
  readonly error: PromptError | null;
}

export interface PromptError {
  readonly message: string;
  /** Where in the text, in UTF-16 units. */
  readonly start: number;
  readonly end: number;
  /** Whether it is no mistake as yet: more is to be typed. */
  readonly isHint: boolean;
}

/** What tcptop itself takes of the host, over the last interval; null where it is not known. */
export interface OwnCost {
  /** Share of one core: 1 is all of it. */
  readonly cpuShare: number | null;
  readonly residentBytes: number | null;
  /** The run time of its BPF programs, as a share of one core. */
  readonly kernelShare: number | null;
}

/** All that the screen is drawn from, and that keys change. Immutable. */
export interface LiveState {
  readonly host: string;
  readonly rung: Rung;
  readonly size: Size;
  readonly cost: OwnCost;
  /** By address: of those on the screen, as far as they are known. */
  readonly hostNames: ReadonlyMap<string, string>;
  /** Of all connections, the newest last. */
  readonly past: readonly Moment[];
  /** The same of the connection that is looked at. */
  readonly rowPast: readonly Moment[];
  /** The newest, whatever is shown. */
  readonly newest: Snapshot;
  /** What is shown: the newest, or what it was when the numbers were held. */
  readonly shown: Snapshot;
  readonly isPaused: boolean;
  readonly intervalMs: number;
  readonly settings: Settings;
  /** Of `shown`, by `settings`. */
  readonly rows: RowList;
  /** How wide columns are, by what they have shown lately; null: by what is on the screen alone. */
  readonly widths: Widths | null;
  /** The row that keys act on. */
  readonly selectedIndex: number;
  /** Its key, once one was chosen: then the selection stays with it, wherever it goes. Null: it stays at the top. */
  readonly selectedKey: string | null;
  /** The key of the row that was chosen, also while that is not among the rows: the selection goes back to it. */
  readonly chosenKey: string | null;
  /** The first row that is on the screen. */
  readonly top: number;
  readonly search: string;
  readonly overlay: Overlay;
  /** Said once, until the next key. */
  readonly notice: string | null;
  readonly canKill: boolean;
  readonly keys: KeyBindings;
  readonly chartSymbols: ChartSymbols;
}

export interface LiveOptions {
  readonly host: string;
  readonly rung: Rung;
  readonly size: Size;
  readonly intervalMs: number;
  readonly settings: Settings;
  readonly canKill: boolean;
  readonly keys: KeyBindings;
  readonly chartSymbols: ChartSymbols;
}

export function initialState(options: LiveOptions): LiveState {
  const nothing = emptySnapshot();
  return {
    ...options,
    cost: { cpuShare: null, residentBytes: null, kernelShare: null },
    hostNames: new Map(),
    past: [],
    rowPast: [],
    newest: nothing,
    shown: nothing,
    isPaused: false,
    rows: new MadeRows([]),
    widths: null,
    selectedKey: null,
    chosenKey: null,
    selectedIndex: 0,
    top: 0,
    search: "",
    overlay: { kind: "none" },
    notice: null,
  };
}

/** What was said, was said until the next key. */
export function withoutNotice(state: LiveState): LiveState {
  return state.notice === null ? state : { ...state, notice: null };
}

export function contextOf(state: LiveState): RowContext {
  const context = rowContext(state.shown, state.host);
  return state.settings.names ? { ...context, hostNames: state.hostNames } : context;
}

/** Lines above the first row: the header, and the titles of the columns. */
export function linesAbove({ rows }: Size): number {
  return headerLines({ rows }) + 1;
}

/** A small terminal has two lines for the header, and a tiny one has one. */
export function headerLines({ rows }: Pick<Size, "rows">): number {
  if (rows < 12) return 1;
  return rows < 20 ? 2 : 4;
}

/** How many rows of the table are on the screen; one at least. */
export function visibleRows(size: Size): number {
  // One for the keys at the bottom.
  return Math.max(1, size.rows - linesAbove(size) - 1);
}

/** The state with a snapshot that came. */
export function takeSnapshot(state: LiveState, newest: Snapshot): LiveState {
  return state.isPaused ? { ...state, newest } : lookingOn(withRows({ ...state, newest, shown: newest }));
}

/** The page of a connection that is on the screen; null when none is. */
export function pageLookedAt({ overlay }: LiveState): DetailPage | null {
  if (overlay.kind === "confirm-kill") return overlay.over;
  return overlay.kind === "detail" ? overlay : null;
}

/** Whoever looks at a connection sees it as it is now, and what it was when it has gone. */
export function lookingOn(state: LiveState): LiveState {
  const { overlay, rows } = state;
  const page = pageLookedAt(state);
  const row = page && rows.find(page.key);
  if (page === null || row?.kind !== "connection" || row.connection === page.last) return state;
  const newer = { ...page, last: row.connection };
  return { ...state, overlay: overlay.kind === "confirm-kill" ? { ...overlay, over: newer } : newer };
}

/** The state with rows made anew, after what is shown, or how, has changed. */
export function withRows(before: LiveState): LiveState {
  const rows = liveRows(before.shown, before.settings, contextOf(before));
  const { chosenKey, selectedKey, shown } = before;
  const state = { ...before, rows };
  if (chosenKey === null) return { ...state, selectedIndex: 0, top: 0 };
  const chosen = rows.indexOf(chosenKey) ?? placeOfItsGroup(state, chosenKey);
  if (chosen !== null) return withRowAt(state, chosen);
  const next = withRowAt(
    state,
    (selectedKey === null ? null : rows.indexOf(selectedKey)) ?? state.selectedIndex,
  );
  const isElsewhere = shown.connections.some(({ id }) => id === chosenKey);
  return isElsewhere ? next : { ...next, chosenKey: next.selectedKey };
}

/** Where the group stands that a connection is in; null where there are no groups. */
function placeOfItsGroup({ rows, settings }: LiveState, id: string): number | null {
  if (settings.groupBy === null) return null;
  const has = (row: LiveRow) =>
    row.kind === "group" && row.group.connections.some((connection) => connection.id === id);
  const place = rows.all().findIndex(has);
  return place < 0 ? null : place;
}

/** The state with a row chosen, which is then on the screen. */
export function withSelection(state: LiveState, index: number): LiveState {
  const next = withRowAt(state, index);
  return { ...next, chosenKey: next.selectedKey };
}

/** The state with another row selected, as what was chosen goes. */
export function withRowAt(state: LiveState, index: number): LiveState {
  const selectedIndex = Math.max(0, Math.min(index, state.rows.length - 1));
  const visible = visibleRows(state.size);
  const lastTop = Math.max(0, state.rows.length - visible);
  const top = Math.min(lastTop, Math.max(Math.min(state.top, selectedIndex), selectedIndex - visible + 1));
  return { ...state, selectedIndex, selectedKey: state.rows.at(selectedIndex)?.key ?? null, top };
}

export function selectedRow(state: LiveState): LiveRow | null {
  return state.rows.at(state.selectedIndex);
}
