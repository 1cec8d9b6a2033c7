import type { Column, RowContext } from "../model/column.js";
import { rowContext } from "../model/column.js";
import { COLUMNS } from "../model/columns.js";
import type { Connection } from "../model/connection.js";
import { joinLines } from "./join-lines.js";
import type { Frame, Sink } from "./sink.js";
import { SUMMARY_FIELDS } from "./summary.js";

const CONNECTION_FIELDS = COLUMNS.map((column: Column) => ({ column, key: `,"${column.name}":` }));
const NEEDS_NO_ESCAPE = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/;

/**
 * One JSON object a line: each connection with every column, flat, in schema order, then the summary of the snapshot.
 * `type` tells them apart.
 */
export function ndjsonSink(): Sink {
  return { preamble: "", separator: "", frame: formatFrame };
}

function formatFrame(frame: Frame): string {
  const context = rowContext(frame.snapshot, frame.host);
  return joinLines(frame.rows, (connection) => connectionLine(connection, context)) + summaryLine(frame);
}

// Put together by hand: an object per row, only to be read by JSON.stringify, doubles the time of a large frame.
function connectionLine(connection: Connection, context: RowContext): string {
  let line = '{"type":"connection"';
  for (const { column, key } of CONNECTION_FIELDS) {
    line += key + jsonCell(column, connection, context);
  }
  return `${line}}\n`;
}

function jsonCell(column: Column, connection: Connection, context: RowContext): string {
  switch (column.type) {
    case "string":
      return jsonString(column.value(connection, context));
    case "pids": {
      const pids = column.value(connection, context);
      return pids === null ? "null" : `[${pids.join(",")}]`;
    }
    case "integer":
    case "boolean":
      return String(column.value(connection, context));
  }
}

function jsonString(text: string | null): string {
  if (text === null) return "null";
  return NEEDS_NO_ESCAPE.test(text) ? `"${text}"` : JSON.stringify(text);
}

function summaryLine(frame: Frame): string {
  const fields = SUMMARY_FIELDS.map(({ name, value }) => [name, roundNumber(value(frame))]);
  return `${JSON.stringify({ type: "summary", ...Object.fromEntries(fields) })}\n`;
}

function roundNumber(value: string | number | null): string | number | null {
  return typeof value === "number" ? Math.round(value) : value;
}
