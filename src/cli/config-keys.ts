import { CHOICE_NAMES, COLUMN_CHOICES, chosen, findChoice, firstDirection } from "../model/column-choices.js";
import type { ColumnName } from "../model/columns.js";
import { nearestNames } from "../model/nearest-names.js";
import { LISTENING_COLUMNS, LIVE_COLUMNS, type ScreenColumn } from "../model/screen-columns.js";
import { isKeyName, NAMED_KEYS } from "../tui/input/key-name.js";
import { type Command, KEY_TABLE } from "../tui/live/key-table.js";
import { GROUP_BYS, type GroupBy } from "../view/group/grouping.js";

/** What a user can settle for good. */
export interface Config {
  readonly intervalMs: number;
  /** null: those that a view has unless told otherwise. */
  readonly columns: readonly ScreenColumn[] | null;
  /** The same of listening sockets. */
  readonly listeningColumns: readonly ScreenColumn[] | null;
  /** null: the busiest first. */
  readonly sort: { readonly column: ColumnName; readonly direction: "asc" | "desc" } | null;
  readonly groupBy: GroupBy | null;
  readonly closedMs: number;
  readonly names: boolean;
  readonly theme: "auto" | "dark" | "light" | "none";
  /** Keys of commands, in place of those that they have. */
  readonly keys: ReadonlyMap<Command, readonly string[]>;
}

export const DEFAULT_CONFIG: Config = {
  intervalMs: 1000,
  columns: null,
  listeningColumns: null,
  sort: null,
  groupBy: null,
  closedMs: 5000,
  names: false,
  theme: "auto",
  keys: new Map(),
};

/** One setting of the file. */
export interface ConfigKey {
  readonly name: string;
  readonly doc: string;
  /** A line that is right. */
  readonly example: string;
  /** The settings with this one; or what is wrong with the value, in words. */
  readonly read: (value: unknown, config: Config) => Config | string;
  /** As it stands in a file. */
  readonly print: (config: Config) => string;
}

const THEMES = ["auto", "dark", "light", "none"] as const;
const MOST_KEYS = 8;
const TITLES: readonly string[] = COLUMN_CHOICES.map(({ title }) => title.toLowerCase());

export const CONFIG_KEYS: readonly ConfigKey[] = [
  {
    name: "interval",
    doc: "Seconds between two samples, 0.1 to 3600.",
    example: "interval = 2",
    read: (value, config) =>
      typeof value === "number" && value >= 0.1 && value <= 3600
        ? { ...config, intervalMs: Math.round(value * 1000) }
        : "a number of seconds, from 0.1 to 3600",
    print: ({ intervalMs }) => `interval = ${intervalMs / 1000}`,
  },
  {
    name: "columns",
    doc: `Columns from left to right, of: ${TITLES.join(", ")}; the names in outputs (tx_rate for tx/s) are taken, too. A table that --batch writes has no proto, limited and user unless they are set here.`,
    example: 'columns = ["pid", "comm", "remote", "tx/s", "rx/s"]',
    read: (value, config) => {
      const columns = readColumns(value, LIVE_COLUMNS);
      return typeof columns === "string" ? columns : { ...config, columns };
    },
    print: ({ columns }) => printColumns("columns", columns, LIVE_COLUMNS),
  },
  {
    name: "listening_columns",
    doc: "The same of listening sockets.",
    example: 'listening_columns = ["comm", "local", "acceptq", "limit"]',
    read: (value, config) => {
      const listeningColumns = readColumns(value, LISTENING_COLUMNS);
      return typeof listeningColumns === "string" ? listeningColumns : { ...config, listeningColumns };
    },
    print: ({ listeningColumns }) => printColumns("listening_columns", listeningColumns, LISTENING_COLUMNS),
  },
  {
    name: "sort",
    doc: 'One of these columns, with ":asc" or ":desc" after it; "" for the busiest first, of listening sockets the fullest accept queue.',
    example: 'sort = "rtt:desc"',
    read: readSort,
    print: ({ sort }) =>
      `sort = ${quote(sort === null ? "" : `${findChoice(sort.column)?.title.toLowerCase() ?? sort.column}:${sort.direction}`)}`,
  },
  {
    name: "group_by",
    doc: `One of: none, ${GROUP_BYS.join(", ")}.`,
    example: 'group_by = "process"',
    read: (value, config) => {
      if (value === "none") return { ...config, groupBy: null };
      const groupBy = GROUP_BYS.find((by) => by === value);
      return groupBy === undefined ? `one of: none, ${GROUP_BYS.join(", ")}` : { ...config, groupBy };
    },
    print: ({ groupBy }) => `group_by = ${quote(groupBy ?? "none")}`,
  },
  {
    name: "closed_seconds",
    doc: "For how long connections that have ended stay on the screen, 0 to 30.",
    example: "closed_seconds = 10",
    read: (value, config) =>
      typeof value === "number" && value >= 0 && value <= 30
        ? { ...config, closedMs: value * 1000 }
        : "a number of seconds, from 0 to 30",
    print: ({ closedMs }) => `closed_seconds = ${closedMs / 1000}`,
  },
  {
    name: "names",
    doc: "Whether remote hosts are shown by the names that /etc/hosts or DNS has for them.",
    example: "names = true",
    read: (value, config) => (typeof value === "boolean" ? { ...config, names: value } : "true or false"),
    print: ({ names }) => `names = ${names}`,
  },
  {
    name: "theme",
    doc: `Colours for a dark or a light background, or none of them; "auto" asks the terminal. One of: ${THEMES.join(", ")}.`,
    example: 'theme = "light"',
    read: (value, config) => {
      const theme = THEMES.find((one) => one === value);
      return theme === undefined ? `one of: ${THEMES.join(", ")}` : { ...config, theme };
    },
    print: ({ theme }) => `theme = ${quote(theme)}`,
  },
  {
    name: "keys",
    doc: 'Keys in place of the usual: a letter, "ctrl+x", "f1", "enter", "space" and so on. A key that did something else does it no more.',
    example: 'keys = { quit = ["q", "x"], pause = ["space"] }',
    read: readKeys,
    print: ({ keys }) => {
      const own = [...keys].map(([command, names]) => `${quote(command)} = [${names.map(quote).join(", ")}]`);
      return `keys = {${own.length === 0 ? "" : ` ${own.join(", ")} `}}`;
    },
  },
];

/** Those that nobody has set are a comment: set, they would be the table's, too, which has others. */
function printColumns(
  name: string,
  columns: readonly ScreenColumn[] | null,
  usual: readonly ScreenColumn[],
): string {
  const titles = (columns ?? usual).map(({ title }) => quote(title.toLowerCase())).join(", ");
  return `${columns === null ? "# " : ""}${name} = [${titles}]`;
}

/** Those that are not among the usual ones have been chosen. */
function readColumns(value: unknown, usual: readonly ScreenColumn[]): readonly ScreenColumn[] | string {
  if (!Array.isArray(value) || value.length === 0) return `a list of columns, of: ${TITLES.join(", ")}`;
  const columns: ScreenColumn[] = [];
  for (const name of value as readonly unknown[]) {
    const choice = typeof name === "string" ? findChoice(name) : undefined;
    if (choice === undefined) return noColumn(String(name));
    const { sortedBy } = choice;
    if (columns.some((column) => column.sortedBy === sortedBy))
      return `${quote(String(name))} is in the list already`;
    columns.push(usual.find((column) => column.sortedBy === sortedBy) ?? chosen(choice));
  }
  return columns;
}

function noColumn(name: string): string {
  const near = nearestNames(name, CHOICE_NAMES);
  const meant = near.length > 0 ? `did you mean ${near.join(" or ")}?` : `there are ${TITLES.join(", ")}`;
  return `${quote(name)} is no column; ${meant}`;
}

function readSort(value: unknown, config: Config): Config | string {
  if (value === "") return { ...config, sort: null };
  if (typeof value !== "string") return "the name of a column, in quotes";
  const [name = "", direction, ...rest] = value.split(":");
  const column = findChoice(name)?.sortedBy;
  if (column === undefined) return noColumn(name);
  if (rest.length > 0 || (direction !== undefined && direction !== "asc" && direction !== "desc"))
    return `${quote([direction, ...rest].join(":"))} is no direction; asc or desc`;
  return { ...config, sort: { column, direction: direction ?? firstDirection(column) } };
}

function readKeys(value: unknown, config: Config): Config | string {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return "a table of commands";
  const keys = new Map<Command, readonly string[]>();
  for (const [name, given] of Object.entries(value)) {
    const command = KEY_TABLE.find((binding) => binding.command === name)?.command;
    if (command === undefined)
      return `${quote(name)} is no command; of: ${KEY_TABLE.map((binding) => binding.command).join(", ")}`;
    const names: unknown = typeof given === "string" ? [given] : given;
    if (!isListOfText(names) || names.length > MOST_KEYS)
      return `the keys of ${name} are a name or a list of names, at most ${MOST_KEYS}`;
    const wrong = names.find((one) => !isKeyName(one));
    if (wrong !== undefined) return noKey(wrong);
    const other = [...keys].find(([, taken]) => taken.some((one) => names.includes(one)));
    if (other !== undefined)
      return `${quote(names.find((one) => other[1].includes(one)) ?? "")} is a key of ${other[0]} and of ${name}`;
    keys.set(command, names);
  }
  return { ...config, keys };
}

function isListOfText(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === "string");
}

function noKey(name: string): string {
  const near = nearestNames(name, NAMED_KEYS);
  const meant =
    near.length > 0 ? `did you mean ${near.join(" or ")}?` : `there are letters, ${NAMED_KEYS.join(", ")}`;
  return `${quote(name)} is no key; ${meant}`;
}

/** What a terminal would obey, and JSON.stringify() leaves as it is: all of it below U+10000. */
const CONTROLS = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu;

/** A basic string of TOML: JSON's escapes are among its own. */
function quote(text: string): string {
  return JSON.stringify(text).replace(
    CONTROLS,
    (control) => `\\u${control.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
