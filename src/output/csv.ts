import type { Column, RowContext } from "../model/column.js";
import { rowContext } from "../model/column.js";
import { COLUMNS } from "../model/columns.js";
import type { Connection } from "../model/connection.js";
import type { Group } from "../view/group/group.js";
import { GROUP_COLUMNS } from "../view/group/group-columns.js";
import { joinLines } from "./join-lines.js";
import type { Frame, Sink } from "./sink.js";

const LINE_END = "\r\n";

/** What makes a spreadsheet take a cell for a formula; the last four are the full-width forms of the first. */
const FORMULA_START = /^[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/;

/** The semicolon too: where the decimal sign is a comma, spreadsheets split cells at it. */
const NEEDS_QUOTES = /[",;\r\n]|^ | $/;

/** RFC 4180: the names of the columns once, then a line per connection; unknown is empty, owners are joined by ";". */
export function csvSink(): Sink {
  return csvSinkOf<Connection>(COLUMNS);
}

/** As `csvSink`, of groups. */
export function groupCsvSink(): Sink<Group> {
  return csvSinkOf<Group>(GROUP_COLUMNS);
}

function csvSinkOf<Row>(schema: readonly Column<string, Row>[]): Sink<Row> {
  const names = schema.map((column) => column.name);
  const frame = ({ rows, snapshot, host }: Frame<Row>) => {
    const context = rowContext(snapshot, host);
    return joinLines(rows, (row) => rowLine(schema, row, context));
  };
  return { preamble: names.join(",") + LINE_END, separator: "", frame };
}

function rowLine<Row>(schema: readonly Column<string, Row>[], row: Row, context: RowContext): string {
  return schema.map((column) => csvCell(column, row, context)).join(",") + LINE_END;
}

function csvCell<Row>(column: Column<string, Row>, row: Row, context: RowContext): string {
  switch (column.type) {
    case "string":
      return textCell(column.value(row, context));
    case "pids":
      return quoteCell(column.value(row, context)?.join(";") ?? "");
    case "integer":
    case "boolean":
      return column.value(row, context)?.toString() ?? "";
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
