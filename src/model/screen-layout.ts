import type { ScreenColumn } from "./screen-columns.js";
import { fitEndpoint, fitText } from "./text-width.js";

/** What of a column decides whether it is shown, and how wide. */
type Sizes = Pick<ScreenColumn, "minWidth" | "maxWidth" | "priority">;

/** A column that is shown, and how many terminal columns it gets. */
export interface PlacedColumn<Column extends Sizes = ScreenColumn> {
  readonly column: Column;
  readonly width: number;
}

/** Blank terminal columns between two columns. */
export const COLUMN_GAP = 1;

/** The text of a cell at exactly the column's width. */
export function fitCell(
  text: string,
  { alignment, keeps }: Pick<ScreenColumn, "alignment" | "keeps">,
  width: number,
): string {
  return keeps === "port" ? fitEndpoint(text, width) : fitText(text, width, alignment);
}

interface Candidate<Column extends Sizes> {
  readonly column: Column;
  readonly natural: number;
  readonly least: number;
}

/**
 * Which columns are shown, and how wide: all at their natural width where that fits (`width` null: it always does).
 * Else the columns of least priority go, and of what stays the texts are cut, the least important first.
 * `contentWidths` has the widest cell of each column, the title included.
 */
export function placeColumns<Column extends Sizes>(
  columns: readonly Column[],
  contentWidths: readonly number[],
  width: number | null,
): readonly PlacedColumn<Column>[] {
  const candidates = columns.map((column, index) => candidate(column, contentWidths[index] ?? 0));
  if (width === null) return candidates.map(({ column, natural }) => ({ column, width: natural }));
  const byPriority = candidates.toSorted((a, b) => a.column.priority - b.column.priority);
  const widths = spreadRest(chooseFitting(byPriority, width), width);
  return columns.flatMap((column) => {
    const columnWidth = widths.get(column);
    return columnWidth === undefined ? [] : [{ column, width: columnWidth }];
  });
}

function candidate<Column extends Sizes>(column: Column, contentWidth: number): Candidate<Column> {
  const natural = Math.min(contentWidth, column.maxWidth ?? contentWidth);
  return { column, natural, least: Math.min(natural, column.minWidth ?? natural) };
}

/** Those that fit at their least width, tried in the order given; the first is always among them. */
function chooseFitting<Column extends Sizes>(
  candidates: readonly Candidate<Column>[],
  width: number,
): readonly Candidate<Column>[] {
  const chosen: Candidate<Column>[] = [];
  let used = -COLUMN_GAP;
  for (const one of candidates) {
    if (chosen.length > 0 && used + COLUMN_GAP + one.least > width) continue;
    chosen.push(one);
    used += COLUMN_GAP + one.least;
  }
  return chosen;
}

/** Gives what is left of the width to the chosen in their order, up to their natural width. */
function spreadRest<Column extends Sizes>(
  chosen: readonly Candidate<Column>[],
  width: number,
): ReadonlyMap<Column, number> {
  const used = chosen.reduce((sum, one) => sum + COLUMN_GAP + one.least, -COLUMN_GAP);
  let rest = Math.max(0, width - used);
  const widths = new Map<Column, number>();
  for (const one of chosen) {
    const more = Math.min(rest, one.natural - one.least);
    widths.set(one.column, one.least + more);
    rest -= more;
  }
  return widths;
}
