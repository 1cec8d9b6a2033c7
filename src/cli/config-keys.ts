import { defaultDirection } from "../model/column.js";
import { type ColumnName, findColumn } from "../model/columns.js";
import { FURTHER_COLUMNS, LIVE_COLUMNS, SCREEN_COLUMNS, type ScreenColumn } from "../model/screen-columns.js";
import { type Command, KEY_TABLE } from "../tui/live/key-table.js";
import { GROUP_BYS, type GroupBy } from "../view/group/grouping.js";

/** What a user can settle for good. */
export interface Config {
  readonly intervalMs: number;
  readonly columns: readonly ScreenColumn[];
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
  columns: LIVE_COLUMNS,
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
    doc: `Columns from left to right, of: ${columnNames().join(", ")}.`,
    example: 'columns = ["pid", "comm", "remote", "tx/s", "rx/s"]',
    read: readColumns,
    print: ({ columns }) =>
      `columns = [${columns.map(({ title }) => quote(title.toLowerCase())).join(", ")}]`,
  },
  {
    name: "sort",
    doc: 'A column of docs/columns.md, with ":asc" or ":desc" after it; "" for the busiest first.',
    example: 'sort = "rtt_us:desc"',
    read: readSort,
    print: ({ sort }) => `sort = ${quote(sort === null ? "" : `${sort.column}:${sort.direction}`)}`,
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
    doc: "Whether remote hosts are shown by the names that DNS has for them.",
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

function columnNames(): readonly string[] {
  return [...SCREEN_COLUMNS, ...FURTHER_COLUMNS].map(({ title }) => title.toLowerCase());
}

function readColumns(value: unknown, config: Config): Config | string {
  const expected = `a list of columns, of: ${columnNames().join(", ")}`;
  if (!Array.isArray(value) || value.length === 0) return expected;
  const columns: ScreenColumn[] = [];
  for (const name of value as readonly unknown[]) {
    const column = [...SCREEN_COLUMNS, ...FURTHER_COLUMNS].find(({ title }) => title.toLowerCase() === name);
    if (column === undefined) return `${quote(String(name))} is no column; ${expected}`;
    if (!columns.includes(column)) columns.push(column);
  }
  return { ...config, columns };
}

function readSort(value: unknown, config: Config): Config | string {
  const expected = 'the name of a column, as in "rtt_us" or "rtt_us:asc"';
  if (value === "") return { ...config, sort: null };
  if (typeof value !== "string") return expected;
  const [name = "", direction, ...rest] = value.split(":");
  const column = findColumn(name);
  if (column === undefined || rest.length > 0) return `${quote(value)} is no column; ${expected}`;
  if (direction !== undefined && direction !== "asc" && direction !== "desc")
    return `${quote(direction)} is no direction; asc or desc`;
  return { ...config, sort: { column: column.name, direction: direction ?? defaultDirection(column) } };
}

function readKeys(value: unknown, config: Config): Config | string {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return "a table of commands";
  const keys = new Map<Command, readonly string[]>();
  for (const [name, given] of Object.entries(value)) {
    const command = KEY_TABLE.find((binding) => binding.command === name)?.command;
    if (command === undefined)
      return `${quote(name)} is no command; of: ${KEY_TABLE.map((binding) => binding.command).join(", ")}`;
    if (!Array.isArray(given) || given.length > MOST_KEYS || !given.every(isKeyName))
      return `the keys of ${name}: a list of ${MOST_KEYS} at most`;
    keys.set(command, given);
  }
  return { ...config, keys };
}

function isKeyName(name: unknown): name is string {
  return typeof name === "string" && name.length > 0 && name.length <= 16;
}

/** A basic string of TOML: JSON's escapes are among its own. */
function quote(text: string): string {
  return JSON.stringify(text);
}
