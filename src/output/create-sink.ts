import type { Group } from "../view/group/group.js";
import type { GroupBy } from "../view/group/grouping.js";
import { csvSink, groupCsvSink } from "./csv.js";
import { groupNdjsonSink, ndjsonSink } from "./ndjson.js";
import type { OutputFormat, Sink } from "./sink.js";
import { groupTableSink, tableSink } from "./table.js";

/** The sink of that format; `width` is the terminal's, null where there is none, and only the table minds it. */
export function createSink(format: OutputFormat, width: number | null): Sink {
  switch (format) {
    case "table":
      return tableSink(width);
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
