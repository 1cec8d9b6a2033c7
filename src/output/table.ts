import type { RowContext } from "../model/column.js";
import { rowContext } from "../model/column.js";
import { hasPeer } from "../model/columns.js";
import { SCREEN_COLUMNS } from "../model/screen-columns.js";
import type { PlacedColumn } from "../model/screen-layout.js";
import { COLUMN_GAP, placeColumns } from "../model/screen-layout.js";
import type { Snapshot } from "../model/snapshot.js";
import { fitText, textWidth, truncateText } from "../model/text-width.js";
import type { Frame, Sink } from "./sink.js";
import { summaryLines } from "./summary-lines.js";

const GAP = " ".repeat(COLUMN_GAP);

/**
 * Tables for people: time and host, a header, a line per connection, the summary; a blank line between frames.
 * No line is wider than `width` terminal columns; null is no limit.
 */
export function tableSink(width: number | null): Sink {
  return { preamble: "", separator: "\n", frame: (frame) => formatFrame(frame, width) };
}

function formatFrame(frame: Frame, width: number | null): string {
  const context = rowContext(frame.snapshot, frame.host);
  const lines = [
    `${context.time}  ${context.host}`,
    ...tableLines(frame, context, width),
    ...summaryLines(frame),
  ];
  return lines.map((line) => `${width === null ? line : truncateText(line, width)}\n`).join("");
}

function tableLines({ rows, snapshot }: Frame, context: RowContext, width: number | null): readonly string[] {
  if (rows.length === 0) return [emptyLine(snapshot)];
  const texts = new Map(
    SCREEN_COLUMNS.map((column) => [column, [column.title, ...rows.map((row) => column.text(row, context))]]),
  );
  const placed = placeColumns(SCREEN_COLUMNS, [...texts.values()].map(widest), width);
  const cells = placed.map((place) => fitColumn(place, texts.get(place.column) ?? []));
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

function fitColumn({ column, width }: PlacedColumn, texts: readonly string[]): readonly string[] {
  return texts.map((text) => fitText(text, width, column.alignment));
}
