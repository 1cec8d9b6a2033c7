import type { ScreenColumn } from "../model/screen-columns.js";
import type { Group } from "../view/group/group.js";
import type { GroupScreenColumn } from "../view/group/group-screen-columns.js";
import { csvSink, groupCsvSink } from "./csv.js";
import { groupNdjsonSink, ndjsonSink } from "./ndjson.js";
import type { OutputFormat, Sink } from "./sink.js";
import { groupTableSink, tableSink } from "./table.js";

/**
 * The sink of that format. Only the table minds the rest: `width` is the terminal's, null where there is none; `columns` are
 * those of a table, the usual by default.
 */
export function createSink(
  format: OutputFormat,
  width: number | null,
  columns?: readonly ScreenColumn[],
): Sink {
  switch (format) {
    case "table":
      return tableSink(width, columns);
    case "ndjson":
      return ndjsonSink();
    case "csv":
      return csvSink();
  }
}

/** The sink of that format for groups; `columns` are those of a table. */
export function createGroupSink(
  format: OutputFormat,
  width: number | null,
  columns: readonly GroupScreenColumn[],
): Sink<Group> {
  switch (format) {
    case "table":
      return groupTableSink(columns, width);
    case "ndjson":
      return groupNdjsonSink();
    case "csv":
      return groupCsvSink();
  }
}
