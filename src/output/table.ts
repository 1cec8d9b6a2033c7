import type { RowContext } from "../model/column.js";
import { rowContext } from "../model/column.js";
import { hasPeer } from "../model/columns.js";
import { SCREEN_COLUMNS, type ScreenColumn } from "../model/screen-columns.js";
import { COLUMN_GAP, fitCell, placeColumns } from "../model/screen-layout.js";
import type { Snapshot } from "../model/snapshot.js";
import { textWidth, truncateText } from "../model/text-width.js";
import type { Group } from "../view/group/group.js";
import type { GroupScreenColumn } from "../view/group/group-screen-columns.js";
import type { Frame, Sink } from "./sink.js";
import { summaryLines } from "./summary-lines.js";

const GAP = " ".repeat(COLUMN_GAP);

/**
 * Tables for people: time and host, a header, a line per connection, the summary; a blank line between frames.
 * No line is wider than `width` terminal columns; null is no limit.
 */
export function tableSink(width: number | null, columns: readonly ScreenColumn[] = SCREEN_COLUMNS): Sink {
  return tableSinkOf(columns, width);
}

/** As `tableSink`, of groups. */
export function groupTableSink(columns: readonly GroupScreenColumn[], width: number | null): Sink<Group> {
  return tableSinkOf<Group, GroupScreenColumn>(columns, width);
}

function tableSinkOf<Row, Column extends ScreenColumn<Row, string>>(
  columns: readonly Column[],
  width: number | null,
): Sink<Row> {
  return { preamble: "", separator: "\n", frame: (frame) => formatFrame(frame, columns, width) };
}

function formatFrame<Row, Column extends ScreenColumn<Row, string>>(
  frame: Frame<Row>,
  columns: readonly Column[],
  width: number | null,
): string {
  const context = rowContext(frame.snapshot, frame.host);
  const lines = [
    `${context.time}  ${context.host}`,
    ...tableLines(frame, columns, context, width),
    ...summaryLines(frame),
  ];
  return lines.map((line) => `${width === null ? line : truncateText(line, width)}\n`).join("");
}

function tableLines<Row, Column extends ScreenColumn<Row, string>>(
  { rows, snapshot }: Frame<Row>,
  columns: readonly Column[],
  context: RowContext,
  width: number | null,
): readonly string[] {
  if (rows.length === 0) return [emptyLine(snapshot)];
  const texts = new Map(
    columns.map((column) => [column, [column.title, ...rows.map((row) => column.text(row, context))]]),
  );
  const placed = placeColumns(columns, [...texts.values()].map(widest), width);
  const cells = placed.map(({ column, width: columnWidth }) =>
    (texts.get(column) ?? []).map((text) => fitCell(text, column, columnWidth)),
  );
  return Array.from({ length: rows.length + 1 }, (_, line) =>
    cells
      .map((column) => column[line] ?? "")
      .join(GAP)
      .trimEnd(),
  );
}

function emptyLine(snapshot: Snapshot): string {
  return snapshot.connections.some(hasPeer) ? "no connections to show" : "no connections";
}

function widest(texts: readonly string[]): number {
  return texts.reduce((width, text) => Math.max(width, textWidth(text)), 0);
}
