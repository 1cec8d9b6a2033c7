import { type Column, defaultDirection, type RowContext } from "./column.js";
import { type ColumnName, findColumn } from "./columns.js";
import type { Connection } from "./connection.js";
import {
  FURTHER_COLUMNS,
  numberColumn,
  SCREEN_COLUMNS,
  type ScreenColumn,
  textColumn,
} from "./screen-columns.js";
import { formatBytes, formatDuration, formatMicroseconds } from "./units.js";

const UNKNOWN = "-";
/** After what a row is about, and before all else: whoever chose a column wants to see it. */
const CHOSEN_PRIORITY = 4.5;

/** Columns of the schema as they are. */
const SCHEMA_COLUMNS: readonly ScreenColumn[] = [
  text("CMDLINE", "cmdline", [10, 24, 80]),
  text("CGROUP", "cgroup", [10, 20, 60]),
  text("DEVICE", "device", [6, 6, 15]),
  number("LPORT", "local_port", 5),
  number("RPORT", "remote_port", 5),
  text("FAMILY", "family", [6, 6, 6]),
  text("OWNERS", "owners", [6, 11, 40]),
  text("VIA", "owner_source", [7, 7, 7]),
  number("MINRTT", "min_rtt_us", 6),
  number("RTTVAR", "rttvar_us", 6),
  number("RETRB", "retrans_bytes", 5),
  number("IDLE", "idle_ms", 6),
  text("END", "end_reason", [3, 8, 12]),
  text("CLOSED", "closed", [6, 6, 6]),
  number("ACCEPTQ", "accept_queue", 7),
  number("LIMIT", "accept_limit", 5),
  number("NSINODE", "netns_inode", 10),
  text("ID", "id", [4, 8, 24]),
];

/** All that a table on a screen can show: every column of the schema but the time and the host, which stand above it. */
export const COLUMN_CHOICES: readonly ScreenColumn[] = [
  ...SCREEN_COLUMNS,
  ...FURTHER_COLUMNS,
  ...SCHEMA_COLUMNS,
];

/** What a column of a screen can be asked for by, in small letters: what stands above it, or its name in outputs. */
export const CHOICE_NAMES: readonly string[] = [
  ...new Set(COLUMN_CHOICES.flatMap(({ title, sortedBy }) => [title.toLowerCase(), sortedBy])),
];

/** The column that is called so, in either case; undefined for none. */
export function findChoice(name: string): ScreenColumn | undefined {
  const wanted = name.toLowerCase();
  return COLUMN_CHOICES.find(({ title, sortedBy }) => title.toLowerCase() === wanted || sortedBy === wanted);
}

/** The column as it is laid out once somebody has chosen it. */
export function chosen(column: ScreenColumn): ScreenColumn {
  return { ...column, priority: Math.min(column.priority, CHOSEN_PRIORITY) };
}

/** In which direction a sort by the column begins. */
export function firstDirection(name: ColumnName): "asc" | "desc" {
  return defaultDirection(schemaColumn(name));
}

function text(title: string, name: ColumnName, widths: readonly [number, number, number]): ScreenColumn {
  return textColumn(title, name, CHOSEN_PRIORITY, widths, cellOf(schemaColumn(name)));
}

function number(title: string, name: ColumnName, usualWidth: number): ScreenColumn {
  return numberColumn(title, name, CHOSEN_PRIORITY, usualWidth, cellOf(schemaColumn(name)));
}

function schemaColumn(name: ColumnName): Column<ColumnName> {
  const column = findColumn(name);
  if (column === undefined) throw new TypeError(`no column ${name}`);
  return column;
}

/** What outputs say, as a person reads it. */
function cellOf(column: Column<ColumnName>): (connection: Connection, context: RowContext) => string {
  switch (column.type) {
    case "string":
      return (connection, context) => column.value(connection, context) ?? UNKNOWN;
    case "pids":
      return (connection, context) => column.value(connection, context)?.join(",") ?? UNKNOWN;
    case "boolean":
      return (connection, context) => (column.value(connection, context) === true ? "yes" : "no");
    case "integer": {
      const format = formatOf(column.unit);
      return (connection, context) => {
        const value = column.value(connection, context);
        return value === null ? UNKNOWN : format(value);
      };
    }
  }
}

function formatOf(unit: string | null): (value: number) => string {
  switch (unit) {
    case "bytes":
    case "bytes/s":
      return formatBytes;
    case "µs":
      return formatMicroseconds;
    case "ms":
      return formatDuration;
    default:
      return String;
  }
}
