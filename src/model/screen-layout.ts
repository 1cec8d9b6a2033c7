import type { ScreenColumn } from "./screen-columns.js";

/** A column that is shown, and how many terminal columns it gets. */
export interface PlacedColumn {
  readonly column: ScreenColumn;
  readonly width: number;
}

/** Blank terminal columns between two columns. */
export const COLUMN_GAP = 1;

interface Candidate {
  readonly column: ScreenColumn;
  readonly natural: number;
  readonly least: number;
}

/**
 * Which columns are shown, and how wide: all at their natural width where that fits (`width` null: it always does).
 * Else the columns of least priority go, and of what stays the texts are cut, the least important first.
 * `contentWidths` has the widest cell of each column, the title included.
 */
export function placeColumns(
  columns: readonly ScreenColumn[],
  contentWidths: readonly number[],
  width: number | null,
): readonly PlacedColumn[] {
  const candidates = columns.map((column, index) => candidate(column, contentWidths[index] ?? 0));
  if (width === null) return candidates.map(({ column, natural }) => ({ column, width: natural }));
  const byPriority = candidates.toSorted((a, b) => a.column.priority - b.column.priority);
  const widths = spreadRest(chooseFitting(byPriority, width), width);
  return columns.flatMap((column) => {
    const columnWidth = widths.get(column);
    return columnWidth === undefined ? [] : [{ column, width: columnWidth }];
  });
}

function candidate(column: ScreenColumn, contentWidth: number): Candidate {
  const natural = Math.min(contentWidth, column.maxWidth ?? contentWidth);
  return { column, natural, least: Math.min(natural, column.minWidth ?? natural) };
}

/** Those that fit at their least width, tried in the order given; the first is always among them. */
function chooseFitting(candidates: readonly Candidate[], width: number): readonly Candidate[] {
  const chosen: Candidate[] = [];
  let used = -COLUMN_GAP;
  for (const one of candidates) {
    if (chosen.length > 0 && used + COLUMN_GAP + one.least > width) continue;
    chosen.push(one);
    used += COLUMN_GAP + one.least;
  }
  return chosen;
}

/** Gives what is left of the width to the chosen in their order, up to their natural width. */
function spreadRest(chosen: readonly Candidate[], width: number): ReadonlyMap<ScreenColumn, number> {
  const used = chosen.reduce((sum, one) => sum + COLUMN_GAP + one.least, -COLUMN_GAP);
  let rest = Math.max(0, width - used);
  const widths = new Map<ScreenColumn, number>();
  for (const one of chosen) {
    const more = Math.min(rest, one.natural - one.least);
    widths.set(one.column, one.least + more);
    rest -= more;
  }
  return widths;
}
