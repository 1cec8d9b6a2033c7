import type { ScreenColumn } from "../model/screen-columns.js";
import type { Group } from "../view/group/group.js";
import type { GroupBy } from "../view/group/grouping.js";
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

/** The sink of that format for groups of connections. */
export function createGroupSink(format: OutputFormat, by: GroupBy, width: number | null): Sink<Group> {
  switch (format) {
    case "table":
      return groupTableSink(by, width);
    case "ndjson":
      return groupNdjsonSink();
    case "csv":
      return groupCsvSink();
  }
}
