import type { ScreenColumn } from "../../model/screen-columns.js";
import { COLUMN_GAP, fitCell, type PlacedColumn, placeColumns } from "../../model/screen-layout.js";
import { fitText, textWidth } from "../../model/text-width.js";
import { type Line, line, type Span, type StyleName, span } from "./line.js";

const GAP = " ".repeat(COLUMN_GAP);

/** What of a screen column matters for laying it out. */
export type Laid = Pick<
  ScreenColumn,
  "title" | "alignment" | "keeps" | "minWidth" | "maxWidth" | "priority"
> & { readonly sortedBy: string };

/**
 * As wide as what a column usually has, where there is room: columns would jump from tick to tick otherwise. Three digits with
 * their unit, the longest IPv4 endpoint, the kernel's longest name of a process.
 */
const USUAL_WIDTHS: ReadonlyMap<string, number> = new Map([
  ["pid", 6],
  ["comm", 15],
  ["local_addr", 21],
  ["remote_addr", 21],
  ["state", 11],
  ["tx_rate", 5],
  ["rx_rate", 5],
  ["tx_bytes", 5],
  ["rx_bytes", 5],
  ["rtt_us", 6],
  ["median_rtt_us", 6],
  ["max_rtt_us", 6],
  ["age_ms", 6],
]);

/** The columns that fit, each as wide as the widest of these rows, or as it usually is. */
export function layColumns<Column extends Laid, Row>(
  columns: readonly Column[],
  rows: readonly Row[],
  text: (column: Column, row: Row) => string,
  width: number,
): readonly PlacedColumn<Column>[] {
  const widths = columns.map((column) =>
    rows.reduce(
      (widest, row) => Math.max(widest, textWidth(text(column, row))),
      Math.max(column.title.length, USUAL_WIDTHS.get(column.sortedBy) ?? 0),
    ),
  );
  return placeColumns(columns, widths, width);
}

/** A row's cells, with a gap between them; all of it in `rowStyle`, where it has one. */
export function cellsOf<Column extends Laid>(
  placed: readonly PlacedColumn<Column>[],
  text: (column: Column) => string,
  style: (column: Column) => StyleName,
  rowStyle: StyleName | null,
): readonly Span[] {
  return placed.flatMap(({ column, width }, place): Span[] => {
    const cell = span(fitCell(text(column), column, width), rowStyle ?? style(column));
    return place === 0 ? [cell] : [span(GAP, rowStyle ?? "plain"), cell];
  });
}

/** The titles, the one that rows are sorted by in a style of its own; `indent` columns further right. */
export function titleLine(
  placed: readonly PlacedColumn<Laid>[],
  sorted: string | null,
  indent: number,
): Line {
  const spans = placed.flatMap(({ column, width }, place): Span[] => {
    const style = column.sortedBy === sorted ? "title-sorted" : "title";
    return [
      span(place === 0 ? " ".repeat(indent) : GAP, "title"),
      span(fitText(column.title, width, column.alignment), style),
    ];
  });
  return line(spans, "title");
}
