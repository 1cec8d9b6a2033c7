import type { SortValue } from "../model/column.js";
import type { Connection } from "../model/connection.js";

/** By what rows are sorted: any value of a row. Null sorts last in either direction. */
export interface Order<Row = Connection> {
  readonly value: (row: Row) => SortValue;
  readonly direction: "asc" | "desc";
}

/** More rows than a terminal shows: from here on it is as quick to sort them all. */
const FEW = 500;

/**
 * Rows in order: by the first of the orders, ties by the next, and at last by `compareEqual`. Sorted as far as it is asked
 * for: the first screen of 100,000 rows takes a fraction of what it takes to sort them.
 */
export class SortedRows<Row> {
  readonly #rows: readonly Row[];
  readonly #orders: readonly Order<Row>[];
  readonly #compareEqual: (a: Row, b: Row) => number;
  /** In order: the first rows, or all. */
  #sorted: readonly Row[] = [];

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
    if (this.#sorted.length < end) this.#sorted = end <= FEW ? this.#first(FEW) : this.#all();
    return this.#sorted.slice(from, end);
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
    const sought = this.#rows.find(isSought);
    if (sought === undefined) return null;
    let before = 0;
    for (const row of this.#rows) if (this.#compare(row, sought) < 0) before += 1;
    return before;
  }

  #compare(a: Row, b: Row): number {
    for (const { value, direction } of this.#orders) {
      const result = compareSortValues(value(a), value(b), direction);
      if (result !== 0) return result;
    }
    return this.#compareEqual(a, b);
  }

  /** The first of the order, found by keeping the best so far, and sorting them whenever some more have come. */
  #first(count: number): readonly Row[] {
    const compare = (a: Row, b: Row) => this.#compare(a, b);
    let best: Row[] = [];
    let worst: Row | null = null;
    for (const row of this.#rows) {
      if (worst !== null && compare(row, worst) > 0) continue;
      best.push(row);
      if (best.length < 4 * count) continue;
      best = best.sort(compare).slice(0, count);
      worst = best.at(-1) ?? null;
    }
    return best.sort(compare).slice(0, count);
  }

  /** Each value is taken once a row, not once a comparison: positions are sorted, by keys laid out in columns. */
  #all(): readonly Row[] {
    const rows = this.#rows;
    const columns = this.#orders.map(({ value, direction }) => ({ keys: rows.map(value), direction }));
    const positions = rows.map((_, position) => position);
    positions.sort((a, b) => {
      for (const { keys, direction } of columns) {
        const result = compareSortValues(keys[a] ?? null, keys[b] ?? null, direction);
        if (result !== 0) return result;
      }
      const one = rows[a];
      const other = rows[b];
      return one === undefined || other === undefined ? 0 : this.#compareEqual(one, other);
    });
    return positions.flatMap((position) => {
      const row = rows[position];
      return row === undefined ? [] : [row];
    });
  }
}

/** Null is last in either direction. */
export function compareSortValues(a: SortValue, b: SortValue, direction: "asc" | "desc"): number {
  if (a === b) return 0;
  if (a === null) return 1;
  if (b === null) return -1;
  return a < b === (direction === "asc") ? -1 : 1;
}
