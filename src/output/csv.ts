import type { Column, RowContext } from "../model/column.js";
import { rowContext } from "../model/column.js";
import { COLUMNS } from "../model/columns.js";
import type { Connection } from "../model/connection.js";
import { joinLines } from "./join-lines.js";
import type { Frame, Sink } from "./sink.js";

const LINE_END = "\r\n";
const SCHEMA: readonly Column[] = COLUMNS;

/** What makes a spreadsheet take a cell for a formula; the last four are the full-width forms of the first. */
const FORMULA_START = /^[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/;

/** The semicolon too: where the decimal sign is a comma, spreadsheets split cells at it. */
const NEEDS_QUOTES = /[",;\r\n]|^ | $/;

/** RFC 4180: the names of the columns once, then a line per connection; unknown is empty, owners are joined by ";". */
export function csvSink(): Sink {
  const names = SCHEMA.map((column) => column.name);
  return { preamble: names.join(",") + LINE_END, separator: "", frame: formatFrame };
}

function formatFrame(frame: Frame): string {
  const context = rowContext(frame.snapshot, frame.host);
  return joinLines(frame.rows, (connection) => connectionLine(connection, context));
}

function connectionLine(connection: Connection, context: RowContext): string {
  return SCHEMA.map((column) => csvCell(column, connection, context)).join(",") + LINE_END;
}

function csvCell(column: Column, connection: Connection, context: RowContext): string {
  switch (column.type) {
    case "string":
      return textCell(column.value(connection, context));
    case "pids":
      return quoteCell(column.value(connection, context)?.join(";") ?? "");
    case "integer":
    case "boolean":
      return column.value(connection, context)?.toString() ?? "";
  }
}

/** A name such as `=cmd|' /C calc'!A0` must stay a name when the file is opened: a quote in front makes it text. */
function textCell(text: string | null): string {
  if (text === null) return "";
  return quoteCell(FORMULA_START.test(text) ? `'${text}` : text);
}

function quoteCell(text: string): string {
  return NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
