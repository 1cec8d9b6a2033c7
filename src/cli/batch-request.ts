import { findColumn } from "../model/columns.js";
import { LISTENING_COLUMNS, SCREEN_COLUMNS, type ScreenColumn } from "../model/screen-columns.js";
import { harmless } from "../model/text.js";
import { findGroupColumn, groupColumnOf } from "../view/group/group-columns.js";
import { type Config, DEFAULT_CONFIG } from "./config-keys.js";
import type { SortOrder } from "./option-values.js";
import type { Options } from "./options.js";

/** What lines are written by: what the command line says, and of a table what else the user's settings say. */
export interface BatchRequest extends Omit<Options, "intervalMs"> {
  readonly intervalMs: number;
  /** Of a table of connections. */
  readonly columns: readonly ScreenColumn[];
  /** For the end of each table: what of it the user's settings have changed, and where they are; null for nothing. */
  readonly settingsNote: string | null;
}

/** What a table takes from the settings; the rest is how a screen is driven, or makes other rows. */
export const TABLE_SETTINGS = ["interval", "columns", "listening_columns", "sort"] as const;

/** The request of the command line alone: what programs read depends on nothing else. */
export function plainBatchRequest(options: Options): BatchRequest {
  return {
    ...options,
    intervalMs: options.intervalMs ?? DEFAULT_CONFIG.intervalMs,
    columns: options.listening ? LISTENING_COLUMNS : SCREEN_COLUMNS,
    settingsNote: null,
  };
}

/** The request for a table, with the settings of the file at `path` where the command line does not say otherwise. */
export function tableRequest(options: Options, config: Config, path: string): BatchRequest {
  const plain = plainBatchRequest(options);
  const { groupBy, listening } = options;
  const intervalMs = options.intervalMs ?? config.intervalMs;
  const ownColumns = listening ? config.listeningColumns : config.columns;
  // Groups have columns of their own.
  const columns = groupBy === null ? ownColumns : null;
  const sort = options.sort ?? sortOf(config, groupBy !== null);
  const taken: readonly (readonly [(typeof TABLE_SETTINGS)[number], boolean])[] = [
    ["interval", intervalMs !== plain.intervalMs && options.count !== 1],
    [listening ? "listening_columns" : "columns", columns !== null],
    ["sort", sort !== options.sort],
  ];
  const names = taken.flatMap(([name, isTaken]) => (isTaken ? [name] : []));
  return {
    ...plain,
    intervalMs,
    sort,
    columns: columns ?? plain.columns,
    settingsNote: names.length === 0 ? null : `settings ${names.join(", ")} from ${harmless(path)}`,
  };
}

/** null where the settings say nothing, or nothing that groups can be sorted by. */
function sortOf({ sort }: Config, isOfGroups: boolean): SortOrder | null {
  const column = findColumn(sort?.column ?? "");
  if (sort === null || column === undefined) return null;
  const groupColumn = findGroupColumn(groupColumnOf(column.name)) ?? null;
  return isOfGroups && groupColumn === null ? null : { column, groupColumn, direction: sort.direction };
}
