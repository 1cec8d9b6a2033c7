import type { Column } from "../model/column.js";
import { defaultDirection } from "../model/column.js";
import { findChoice } from "../model/column-choices.js";
import { COLUMNS, findColumn } from "../model/columns.js";
import { TcptopError } from "../model/error.js";
import { nearestNames } from "../model/nearest-names.js";
import type { Rung } from "../model/rung.js";
import { RUNGS } from "../model/rung.js";
import { harmless } from "../model/text.js";
import type { OutputFormat } from "../output/sink.js";
import { OUTPUT_FORMATS } from "../output/sink.js";
import { caretLines } from "../view/filter/caret.js";
import type { WrittenFilter } from "../view/filter/filter.js";
import { FilterError } from "../view/filter/filter-error.js";
import { parseFilter } from "../view/filter/parse.js";
import { findGroupColumn, GROUP_COLUMNS, type GroupColumn } from "../view/group/group-columns.js";
import { GROUP_BYS, type GroupBy } from "../view/group/grouping.js";

export interface SortOrder {
  /** null for a name that only groups have a column of. */
  readonly column: Column | null;
  /** null for a name that only connections have a column of. */
  readonly groupColumn: GroupColumn | null;
  readonly direction: "asc" | "desc";
}

/** Fits a terminal of 80 columns. */
const PICTURE_WIDTH = 76;
const LEAST_INTERVAL_MS = 100;
const MOST_INTERVAL_MS = 3_600_000;
/** PID_MAX_LIMIT of 64-bit kernels (include/linux/threads.h). */
const MOST_PID = 4_194_304;

/** `-d`: seconds as milliseconds. */
export function parseInterval(text: string): number {
  const mend = "give 0.1 to 3600";
  if (!/^(\d+\.?\d*|\.\d+)$/.test(text)) throw refused("-d", text, "not a number of seconds", mend);
  const intervalMs = Math.round(Number(text) * 1000);
  if (intervalMs < LEAST_INTERVAL_MS) throw refused("-d", text, "too short an interval", mend);
  if (intervalMs > MOST_INTERVAL_MS) throw refused("-d", text, "too long an interval", mend);
  return intervalMs;
}

/** `--udp-timeout`: seconds as milliseconds. */
export function parseUdpTimeout(text: string): number {
  const seconds = wholeNumber(text);
  if (seconds === null || seconds < 1 || seconds > MOST_INTERVAL_MS / 1000) {
    throw refused("--udp-timeout", text, "not a time-out in whole seconds", "give 1 to 3600");
  }
  return seconds * 1000;
}

/** `-n`. */
export function parseCount(text: string): number {
  const count = wholeNumber(text);
  if (count === null || count < 1 || !Number.isSafeInteger(count)) {
    throw refused("-n", text, "not a number of snapshots", "give 1 or more");
  }
  return count;
}

/** `-p`: only whether it can be a process id, not whether there is such a process. */
export function parsePid(text: string): number {
  const pid = wholeNumber(text);
  if (pid === null || pid < 1 || pid > MOST_PID) {
    throw refused("-p", text, "not a process id", `give a number from 1 to ${MOST_PID}`);
  }
  return pid;
}

/** `-o`. */
export function parseOutput(text: string): OutputFormat {
  const format = OUTPUT_FORMATS.find((known) => known === text);
  if (format === undefined) {
    throw refused("-o", text, "no such output", `outputs are ${OUTPUT_FORMATS.join(", ")}`);
  }
  return format;
}

/** `-f`. @throws TcptopError with the filter and its mistake as a picture */
export function parseFilterOption(text: string): WrittenFilter {
  try {
    return { text: text.trim(), parsed: parseFilter(text) };
  } catch (error) {
    if (!(error instanceof FilterError)) throw error;
    const picture = text.trim() === "" ? [] : caretLines(text, error.span, PICTURE_WIDTH);
    throw new TcptopError("usage", `-f: ${error.message}`, error.mend, { cause: error, picture });
  }
}

/** `--rung`. */
export function parseRung(text: string): Rung {
  const rung = RUNGS.find((known) => known === text);
  if (rung === undefined) throw refused("--rung", text, "no such rung", `rungs are ${RUNGS.join(", ")}`);
  return rung;
}

/** `-s`: `COLUMN`, `COLUMN:asc` or `COLUMN:desc`, of connections or of groups. */
export function parseSort(text: string): SortOrder {
  const [name = "", direction, ...more] = text.split(":");
  // As it stands above the table, or as outputs call it.
  const column = findColumn(findChoice(name)?.sortedBy ?? name) ?? null;
  const groupColumn = findGroupColumn(column?.name ?? name) ?? null;
  const known = column ?? groupColumn;
  if (known === null) throw refused("-s", text, "no such column", columnsMend(name, COLUMNS));
  if (direction === undefined) return { column, groupColumn, direction: defaultDirection(known) };
  if (more.length > 0 || (direction !== "asc" && direction !== "desc")) {
    throw refused("-s", text, "no such direction", `give ${name}:asc or ${name}:desc`);
  }
  return { column, groupColumn, direction };
}

/** Refuses to sort connections by a column of groups, and groups by what has no sum. */
export function refuseUnfitSort(sort: SortOrder | null, groupBy: GroupBy | null): void {
  if (sort === null) return;
  const { column, groupColumn } = sort;
  if (groupBy === null && column === null) {
    throw refused("-s", groupColumn?.name ?? "", "a column of groups", "group by something with -g");
  }
  if (groupBy !== null && groupColumn === null) {
    const name = column?.name ?? "";
    throw refused("-s", name, "groups have no such column", columnsMend(name, GROUP_COLUMNS));
  }
}

/** `-g`: `none` is no grouping; not null, which commander takes for no value. */
export function parseGroupBy(text: string): GroupBy | "none" {
  const by = text === "none" ? text : GROUP_BYS.find((known) => known === text);
  if (by !== undefined) return by;
  throw refused("-g", text, "nothing to group by", `give none, ${GROUP_BYS.join(", ")}`);
}

function wholeNumber(text: string): number | null {
  return /^\d+$/.test(text) ? Number(text) : null;
}

function columnsMend(name: string, columns: readonly { readonly name: string }[]): string {
  const names = columns.map((column) => column.name);
  const near = nearestNames(name, names);
  return near.length > 0 ? `did you mean ${near.join(" or ")}?` : `columns are ${names.join(", ")}`;
}

/** A value that makes no sense, as `-d abc: not a number of seconds; give 0.1 to 3600`. */
function refused(option: string, text: string, why: string, mend: string): TcptopError {
  return new TcptopError("usage", `${option} ${text === "" ? '""' : harmless(text)}: ${why}`, mend);
}
