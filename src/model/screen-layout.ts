import type { ScreenColumn } from "./screen-columns.js";
import { fitEndpoint, fitText } from "./text-width.js";

/** What of a column decides whether it is shown, and how wide. */
type Sizes = Pick<ScreenColumn, "minWidth" | "usualWidth" | "maxWidth" | "priority">;

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
  readonly usual: number;
  readonly least: number;
}

/** What a row is about: cut rather than left out. */
const ESSENTIAL = 4;

/**
 * Which columns are shown, and how wide: all at their natural width where that fits (`width` null: it always does).
 * Else the columns of least priority go: one is shown only where those before it have what they usually need. What is
 * left goes to texts, the most important first.
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
  const widths = spreadRest(withoutOverflow(chooseFitting(byPriority, width), width), width);
  return columns.flatMap((column) => {
    const columnWidth = widths.get(column);
    return columnWidth === undefined ? [] : [{ column, width: columnWidth }];
  });
}

function candidate<Column extends Sizes>(column: Column, contentWidth: number): Candidate<Column> {
  const natural = Math.min(contentWidth, column.maxWidth ?? contentWidth);
  const usual = Math.min(natural, column.usualWidth);
  return { column, natural, usual, least: Math.min(natural, column.minWidth ?? natural) };
}

/** Those that fit, tried in the order given; the first is always among them. */
function chooseFitting<Column extends Sizes>(
  candidates: readonly Candidate<Column>[],
  width: number,
): readonly Candidate<Column>[] {
  const chosen: Candidate<Column>[] = [];
  let [least, usual] = [-COLUMN_GAP, -COLUMN_GAP];
  for (const one of candidates) {
    const isEssential = one.column.priority <= ESSENTIAL;
    const needed = isEssential ? least + one.least : usual + one.usual;
    if (chosen.length > 0 && needed + COLUMN_GAP > width) continue;
    chosen.push(one);
    least += COLUMN_GAP + one.least;
    usual += COLUMN_GAP + one.usual;
  }
  return chosen;
}

/** Numbers may be longer than they usually are: where cutting texts does not make room for that, the last go. */
function withoutOverflow<Column extends Sizes>(
  chosen: readonly Candidate<Column>[],
  width: number,
): readonly Candidate<Column>[] {
  let used = -COLUMN_GAP;
  return chosen.filter(({ least }, index) => {
    if (index > 0 && used + COLUMN_GAP + least > width) return false;
    used += COLUMN_GAP + least;
    return true;
  });
}

/** Gives what is left of the width to the chosen in their order: first what they usually need, then what they could use. */
function spreadRest<Column extends Sizes>(
  chosen: readonly Candidate<Column>[],
  width: number,
): ReadonlyMap<Column, number> {
  const widths = new Map(chosen.map(({ column, least }) => [column, least]));
  let rest = Math.max(0, width - chosen.reduce((sum, { least }) => sum + COLUMN_GAP + least, -COLUMN_GAP));
  for (const wanted of ["usual", "natural"] as const) {
    for (const one of chosen) {
      const has = widths.get(one.column) ?? 0;
      const more = Math.min(rest, Math.max(0, one[wanted] - has));
      widths.set(one.column, has + more);
      rest -= more;
    }
  }
  return widths;
}
