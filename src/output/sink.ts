import type { Connection } from "../model/connection.js";
import type { Rung } from "../model/rung.js";
import type { Snapshot } from "../model/snapshot.js";

/** What a sink makes text of: a snapshot, and the rows of it that a view chose, in the view's order. */
export interface Frame<Row = Connection> {
  readonly host: string;
  readonly rung: Rung;
  readonly snapshot: Snapshot;
  readonly rows: readonly Row[];
}

/**
 * A way to write frames as text. Pure: whoever holds the file writes `preamble` once, then the frames with
 * `separator` between them. All text ends with a line end, and is free of control characters but line ends.
 */
export interface Sink<Row = Connection> {
  readonly preamble: string;
  readonly separator: string;
  readonly frame: (frame: Frame<Row>) => string;
}

export const OUTPUT_FORMATS = ["table", "ndjson", "csv"] as const;

export type OutputFormat = (typeof OUTPUT_FORMATS)[number];
