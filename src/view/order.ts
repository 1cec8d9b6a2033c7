import type { Column, RowContext, SortValue } from "../model/column.js";
import type { Connection } from "../model/connection.js";

/** By what rows are sorted: any value of a row. Null sorts last in either direction. */
export interface Order<Row = Connection> {
  readonly value: (row: Row) => SortValue;
  readonly direction: "asc" | "desc";
}

/** The order of one column of the schema. */
export function columnOrder(column: Column, context: RowContext, direction: "asc" | "desc"): Order {
  return { value: (connection) => column.sortValue(connection, context), direction };
}

/** What connections and groups of them have moved. */
type Moved = Pick<Connection, "txRate" | "rxRate" | "txBytes" | "rxBytes">;

/** The busiest first: by rate, of equal rate by bytes; both directions together. */
export const BUSIEST_FIRST: readonly Order<Moved>[] = [
  { value: ({ txRate, rxRate }) => sumOfKnown(txRate, rxRate), direction: "desc" },
  { value: ({ txBytes, rxBytes }) => sumOfKnown(txBytes, rxBytes), direction: "desc" },
];

type Comparison<Row> = (a: Row, b: Row) => number;

/**
 * The connections in order: by the first of the orders, ties by the next, and at last by cookie and incarnation, so that
 * the same snapshot always gives the same order. Strings compare by code unit.
 */
export function sortConnections(
  connections: readonly Connection[],
  orders: readonly Order[],
): readonly Connection[] {
  return sortRows(connections, orders, compareIds);
}

/** Rows in order: by the first of the orders, ties by the next, and at last by `compareEqual`. */
export function sortRows<Row>(
  rows: readonly Row[],
  orders: readonly Order<Row>[],
  compareEqual: Comparison<Row>,
): readonly Row[] {
  // Each value is taken once a row, not once a comparison: positions are sorted, by keys laid out in columns.
  const comparisons = orders.map((order) => comparisonBy(rows, order));
  const positions = rows.map((_, position) => position);
  positions.sort((a, b) => {
    for (const compare of comparisons) {
      const result = compare(a, b);
      if (result !== 0) return result;
    }
    const one = rows[a];
    const other = rows[b];
    return one === undefined || other === undefined ? 0 : compareEqual(one, other);
  });
  const sorted: Row[] = [];
  for (const position of positions) {
    const row = rows[position];
    if (row !== undefined) sorted.push(row);
  }
  return sorted;
}

function comparisonBy<Row>(rows: readonly Row[], { value, direction }: Order<Row>): Comparison<number> {
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

/** Cookies are numbers or bigints; `<` compares the two kinds by value. */
function compareIds(one: Connection, other: Connection): number {
  if (one.cookie === other.cookie) return one.incarnation - other.incarnation;
  return one.cookie < other.cookie ? -1 : 1;
}

function sumOfKnown(a: number | null, b: number | null): number | null {
  return a === null && b === null ? null : (a ?? 0) + (b ?? 0);
}
