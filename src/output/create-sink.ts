import { csvSink } from "./csv.js";
import { ndjsonSink } from "./ndjson.js";
import type { OutputFormat, Sink } from "./sink.js";
import { tableSink } from "./table.js";

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
