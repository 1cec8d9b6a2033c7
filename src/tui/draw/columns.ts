import type { ScreenColumn } from "../../model/screen-columns.js";
import { COLUMN_GAP, fitCell, type PlacedColumn } from "../../model/screen-layout.js";
import { fitText, textWidth } from "../../model/text-width.js";
import { type Line, line, type Span, type StyleName, span } from "./line.js";

const GAP = " ".repeat(COLUMN_GAP);
const GAP_SPAN = span(GAP);

/** What of a screen column matters for laying it out. */
export type Laid = Pick<
  ScreenColumn,
  "title" | "alignment" | "keeps" | "minWidth" | "usualWidth" | "roomyWidth" | "maxWidth" | "priority"
> & { readonly sortedBy: string };

/** As wide as the widest of these rows, or as it usually is: else columns would jump from tick to tick. */
export function neededWidth<Column extends Laid, Row>(
  column: Column,
  rows: readonly Row[],
  text: (column: Column, row: Row) => string,
): number {
  const least = Math.max(column.title.length, column.roomyWidth);
  return rows.reduce((widest, row) => Math.max(widest, textWidth(text(column, row))), least);
}

/** A row's cells, with a gap between them. */
export function cellsOf<Column extends Laid>(
  placed: readonly PlacedColumn<Column>[],
  text: (column: Column) => string,
  style: (column: Column) => StyleName,
): readonly Span[] {
  // The most of a frame's spans are these: one list of them all costs half of many that are joined.
  const spans: Span[] = [];
  for (const { column, width } of placed) {
    if (spans.length > 0) spans.push(GAP_SPAN);
    spans.push(span(fitCell(text(column), column, width), style(column)));
  }
  return spans;
}

/** What rows are sorted by, and which way; null for the busiest first, which no column says alone. */
export type Sorting = { readonly column: string; readonly direction: "asc" | "desc" } | null;

/** The titles, the one that rows are sorted by in a style of its own; `indent` columns further right. */
export function titleLine(placed: readonly PlacedColumn<Laid>[], sorting: Sorting, indent: number): Line {
  const spans = placed.flatMap((one, place): readonly Span[] => {
    const before = place === 0 ? " ".repeat(indent) : GAP;
    const { column, width } = one;
    if (column.sortedBy === sorting?.column) return sortedTitle(one, sorting.direction, before);
    return [span(before, "title"), span(fitText(column.title, width, column.alignment), "title")];
  });
  return line(spans, "title");
}

/** With an arrow on the side where there is room; a title that fills its column has it in the blank before. */
function sortedTitle(
  { column: { title, alignment }, width }: PlacedColumn<Laid>,
  direction: "asc" | "desc",
  before: string,
): readonly Span[] {
  const arrow = direction === "asc" ? "▲" : "▼";
  const isFull = title.length >= width;
  const inside = alignment === "right" ? arrow + title : title + arrow;
  const text = fitText(isFull ? title : inside, width, alignment);
  if (!isFull || before === "") return [span(before, "title"), span(text, "title-sorted")];
  return [span(before.slice(1), "title"), span(arrow + text, "title-sorted")];
}
