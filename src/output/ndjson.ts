import type { Column, RowContext } from "../model/column.js";
import { rowContext } from "../model/column.js";
import { COLUMNS } from "../model/columns.js";
import type { Connection } from "../model/connection.js";
import type { Group } from "../view/group/group.js";
import { GROUP_COLUMNS } from "../view/group/group-columns.js";
import { joinLines } from "./join-lines.js";
import type { Frame, Sink } from "./sink.js";
import { SUMMARY_FIELDS } from "./summary.js";

const NEEDS_NO_ESCAPE = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/;

/**
 * One JSON object a line: each connection with every column, flat, in schema order, then the summary of the snapshot.
 * `type` tells them apart.
 */
export function ndjsonSink(): Sink {
  return ndjsonSinkOf<Connection>("connection", COLUMNS);
}

/** As `ndjsonSink`, of groups. */
export function groupNdjsonSink(): Sink<Group> {
  return ndjsonSinkOf<Group>("group", GROUP_COLUMNS);
}

interface Field<Row> {
  readonly column: Column<string, Row>;
  /** Its name in a line, with what is around it. */
  readonly key: string;
}

function ndjsonSinkOf<Row>(type: string, schema: readonly Column<string, Row>[]): Sink<Row> {
  const start = `{"type":"${type}"`;
  const fields = schema.map((column): Field<Row> => ({ column, key: `,"${column.name}":` }));
  const frame = (shown: Frame<Row>) => {
    const context = rowContext(shown.snapshot, shown.host);
    return joinLines(shown.rows, (row) => rowLine(start, fields, row, context)) + summaryLine(shown);
  };
  return { preamble: "", separator: "", frame };
}

// Put together by hand: an object per row, only to be read by JSON.stringify, doubles the time of a large frame.
function rowLine<Row>(start: string, fields: readonly Field<Row>[], row: Row, context: RowContext): string {
  let line = start;
  for (const { column, key } of fields) {
    line += key + jsonCell(column, row, context);
  }
  return `${line}}\n`;
}

function jsonCell<Row>(column: Column<string, Row>, row: Row, context: RowContext): string {
  switch (column.type) {
    case "string":
      return jsonString(column.value(row, context));
    case "pids": {
      const pids = column.value(row, context);
      return pids === null ? "null" : `[${pids.join(",")}]`;
    }
    case "integer":
    case "boolean":
      return String(column.value(row, context));
  }
}

function jsonString(text: string | null): string {
  if (text === null) return "null";
  return NEEDS_NO_ESCAPE.test(text) ? `"${text}"` : JSON.stringify(text);
}

function summaryLine(frame: Frame<unknown>): string {
  const fields = SUMMARY_FIELDS.map(({ name, value }) => [name, roundNumber(value(frame))]);
  return `${JSON.stringify({ type: "summary", ...Object.fromEntries(fields) })}\n`;
}

function roundNumber(value: string | number | null): string | number | null {
  return typeof value === "number" ? Math.round(value) : value;
}
