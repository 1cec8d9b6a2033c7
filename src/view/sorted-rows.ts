import type { SortValue } from "../model/column.js";
import type { Connection } from "../model/connection.js";

/** By what rows are sorted: any value of a row. Null sorts last in either direction. */
export interface Order<Row = Connection> {
  readonly value: (row: Row) => SortValue;
  readonly direction: "asc" | "desc";
}

type Comparison = (a: number, b: number) => number;

/** More rows than a terminal shows: from here on it is as quick to sort them all. */
const FEW = 500;

/**
 * Rows in order: by the first of the orders, ties by the next, and at last by `compareEqual`. Sorted as far as it is asked
 * for: the first screen of 100,000 rows takes a fraction of what it takes to sort them.
 */
export class SortedRows<Row> {
  readonly #rows: readonly Row[];
  readonly #compare: Comparison;
  /** Places among `#rows` in order: of the first rows, or of all. */
  #sorted: readonly number[] = [];

  constructor(rows: readonly Row[], orders: readonly Order<Row>[], compareEqual: (a: Row, b: Row) => number) {
    this.#rows = rows;
    // Each value is taken once a row, not once a comparison.
    const comparisons = orders.map((order) => comparisonBy(rows, order));
    this.#compare = (a, b) => {
      for (const compare of comparisons) {
        const result = compare(a, b);
        if (result !== 0) return result;
      }
      const one = rows[a];
      const other = rows[b];
      return one === undefined || other === undefined ? 0 : compareEqual(one, other);
    };
  }

  get length(): number {
    return this.#rows.length;
  }

  /** The rows from one place in the order up to another, which is not among them. */
  slice(from: number, to: number): readonly Row[] {
    const end = Math.min(to, this.length);
    if (this.#sorted.length < end) this.#sorted = end <= FEW ? this.#first(FEW) : this.#all();
    const rows: Row[] = [];
    for (const place of this.#sorted.slice(from, end)) {
      const row = this.#rows[place];
      if (row !== undefined) rows.push(row);
    }
    return rows;
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
    let before = 0;
    for (let place = 0; place < this.length; place++) if (this.#compare(place, sought) < 0) before += 1;
    return before;
  }

  #all(): readonly number[] {
    return this.#rows.map((_, place) => place).sort(this.#compare);
  }

  /** The first of the order, found by keeping the best so far, and sorting them whenever some more have come. */
  #first(count: number): readonly number[] {
    let best: number[] = [];
    let worst: number | null = null;
    for (let place = 0; place < this.length; place++) {
      if (worst !== null && this.#compare(place, worst) > 0) continue;
      best.push(place);
      if (best.length < 4 * count) continue;
      best = best.sort(this.#compare).slice(0, count);
      worst = best.at(-1) ?? null;
    }
    return best.sort(this.#compare).slice(0, count);
  }
}

function comparisonBy<Row>(rows: readonly Row[], { value, direction }: Order<Row>): Comparison {
  const keys = rows.map(value);
  return (a, b) => compareSortValues(keys[a] ?? null, keys[b] ?? null, direction);
}

/** Null is last in either direction. */
export function compareSortValues(a: SortValue, b: SortValue, direction: "asc" | "desc"): number {
  if (a === b) return 0;
  if (a === null) return 1;
  if (b === null) return -1;
  return a < b === (direction === "asc") ? -1 : 1;
}
