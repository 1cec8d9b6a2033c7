import type { SortValue } from "../model/column.js";
import type { Connection } from "../model/connection.js";

/** By what rows are sorted: any value of a row. Null sorts last in either direction. */
export interface Order<Row = Connection> {
  readonly value: (row: Row) => SortValue;
  readonly direction: "asc" | "desc";
}

/** Compares two rows by where they stand among the unsorted. */
type Comparison = (a: number, b: number) => number;

/** Rows on either side of those that are asked for that are sorted with them: the next that are asked for are near. */
const AROUND = 250;

/**
 * Rows in order: by the first of the orders, ties by the next, and at last by `compareEqual`. Only the part that is asked for
 * is sorted: of 100,000 rows that takes a fraction of sorting them all.
 */
export class SortedRows<Row> {
  readonly #rows: readonly Row[];
  readonly #orders: readonly Order<Row>[];
  readonly #compareEqual: (a: Row, b: Row) => number;
  #comparison: Comparison | null = null;
  /** Some of the rows in order, and the place of the first of them. */
  #part: { readonly from: number; readonly rows: readonly Row[] } = { from: 0, rows: [] };

  constructor(rows: readonly Row[], orders: readonly Order<Row>[], compareEqual: (a: Row, b: Row) => number) {
    this.#rows = rows;
    this.#orders = orders;
    this.#compareEqual = compareEqual;
  }

  get length(): number {
    return this.#rows.length;
  }

  /** The rows from one place in the order up to another, which is not among them. */
  slice(from: number, to: number): readonly Row[] {
    const end = Math.min(to, this.length);
    const isThere = from >= this.#part.from && end <= this.#part.from + this.#part.rows.length;
    if (!isThere) this.#sortAround(from, end);
    return this.#part.rows.slice(from - this.#part.from, Math.max(0, end - this.#part.from));
  }

  all(): readonly Row[] {
    return this.slice(0, this.length);
  }

  /** A row that is so; null where none is. */
  find(isSought: (row: Row) => boolean): Row | null {
    return this.#rows.find(isSought) ?? null;
  }

  /** Its place in the order. */
  indexOf(isSought: (row: Row) => boolean): number | null {
    const sought = this.#rows.findIndex(isSought);
    if (sought < 0) return null;
    const compare = this.#compare();
    let before = 0;
    for (let place = 0; place < this.length; place++) if (compare(place, sought) < 0) before += 1;
    return before;
  }

  #sortAround(from: number, end: number): void {
    const first = Math.max(0, from - AROUND);
    const last = Math.min(this.length, end + AROUND) - 1;
    const compare = this.#compare();
    const places = new Uint32Array(this.length);
    for (let place = 0; place < places.length; place++) places[place] = place;
    // Mostly the first rows are wanted: then the second step has little left to look at.
    if (last < this.length - 1) select(places, last, compare);
    if (first > 0) select(places.subarray(0, last + 1), first, compare);
    const rows: Row[] = [];
    // An array of them is sorted twice as fast.
    for (const place of [...places.subarray(first, last + 1)].sort(compare)) {
      const row = this.#rows[place];
      if (row !== undefined) rows.push(row);
    }
    this.#part = { from: first, rows };
  }

  /** Made once: each value is taken once a row, not once a comparison. */
  #compare(): Comparison {
    this.#comparison ??= this.#makeComparison();
    return this.#comparison;
  }

  #makeComparison(): Comparison {
    const rows = this.#rows;
    const comparisons = this.#orders.map((order) => comparisonOf(rows, order));
    return (a, b) => {
      for (const compare of comparisons) {
        const result = compare(a, b);
        if (result !== 0) return result;
      }
      const one = rows[a];
      const other = rows[b];
      const equal = one === undefined || other === undefined ? 0 : this.#compareEqual(one, other);
      // What is equal in everything keeps its order, as with a stable sort.
      return equal === 0 ? a - b : equal;
    };
  }
}

/** Most columns are numbers, which are compared ten times as fast where they lie side by side. */
function comparisonOf<Row>(rows: readonly Row[], { value, direction }: Order<Row>): Comparison {
  const keys = numberKeys(rows, value, direction === "asc" ? 1 : -1);
  if (keys !== null) {
    return (a, b) => {
      const one = keys[a] ?? 0;
      const other = keys[b] ?? 0;
      return one < other ? -1 : Number(one > other);
    };
  }
  const values = rows.map(value);
  return (a, b) => compareSortValues(values[a] ?? null, values[b] ?? null, direction);
}

/** The values with a sign, null behind all of them; null where not all of them are numbers. */
function numberKeys<Row>(
  rows: readonly Row[],
  read: (row: Row) => SortValue,
  sign: 1 | -1,
): Float64Array | null {
  const keys = new Float64Array(rows.length);
  let place = 0;
  for (const row of rows) {
    const value = read(row);
    if (typeof value === "string") return null;
    keys[place++] = value === null ? Number.POSITIVE_INFINITY : sign * value;
  }
  return keys;
}

/** Puts what belongs at a place of the order there, what comes before it before it, and the others behind it (quickselect). */
function select(places: Uint32Array, place: number, compare: Comparison): void {
  let first = 0;
  let last = places.length - 1;
  while (first < last) {
    const pivot = places[(first + last) >>> 1] ?? 0;
    let low = first;
    let high = last;
    while (low <= high) {
      while (compare(places[low] ?? 0, pivot) < 0) low += 1;
      while (compare(places[high] ?? 0, pivot) > 0) high -= 1;
      if (low > high) break;
      const swapped = places[low] ?? 0;
      places[low++] = places[high] ?? 0;
      places[high--] = swapped;
    }
    if (place <= high) last = high;
    else if (place >= low) first = low;
    else return;
  }
}

/** Null is last in either direction. */
export function compareSortValues(a: SortValue, b: SortValue, direction: "asc" | "desc"): number {
  if (a === b) return 0;
  if (a === null) return 1;
  if (b === null) return -1;
  return a < b === (direction === "asc") ? -1 : 1;
}
