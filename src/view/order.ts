import type { Column, RowContext, SortValue } from "../model/column.js";
import type { Connection } from "../model/connection.js";

/** By what rows are sorted: any value of a row. Null sorts last in either direction. */
export interface Order {
  readonly value: (connection: Connection) => SortValue;
  readonly direction: "asc" | "desc";
}

/** The order of one column of the schema. */
export function columnOrder(column: Column, context: RowContext, direction: "asc" | "desc"): Order {
  return { value: (connection) => column.sortValue(connection, context), direction };
}

/** The busiest first: by rate, of equal rate by bytes; both directions together. */
export const BUSIEST_FIRST: readonly Order[] = [
  { value: ({ txRate, rxRate }) => sumOfKnown(txRate, rxRate), direction: "desc" },
  { value: ({ txBytes, rxBytes }) => sumOfKnown(txBytes, rxBytes), direction: "desc" },
];

/**
 * The connections in order: by the first of the orders, ties by the next, and at last by cookie and incarnation, so that
 * the same snapshot always gives the same order. Strings compare by code unit.
 */
export function sortConnections(
  connections: readonly Connection[],
  orders: readonly Order[],
): readonly Connection[] {
  const keyed = connections.map((connection) => ({
    connection,
    keys: orders.map(({ value }) => value(connection)),
  }));
  const directions = orders.map(({ direction }) => (direction === "asc" ? 1 : -1));
  keyed.sort((a, b) => compareKeys(a.keys, b.keys, directions) || compareIds(a.connection, b.connection));
  return keyed.map(({ connection }) => connection);
}

function compareKeys(
  a: readonly SortValue[],
  b: readonly SortValue[],
  directions: readonly (1 | -1)[],
): number {
  for (const [index, direction] of directions.entries()) {
    const order = compareNullLast(a[index] ?? null, b[index] ?? null, direction);
    if (order !== 0) return order;
  }
  return 0;
}

function compareNullLast(a: SortValue, b: SortValue, direction: 1 | -1): number {
  if (a === b) return 0;
  if (a === null) return 1;
  if (b === null) return -1;
  return a < b ? -direction : direction;
}

/** Cookies are numbers or bigints; `<` compares the two kinds by value. */
function compareIds(a: Connection, b: Connection): number {
  if (a.cookie === b.cookie) return a.incarnation - b.incarnation;
  return a.cookie < b.cookie ? -1 : 1;
}

function sumOfKnown(a: number | null, b: number | null): number | null {
  return a === null && b === null ? null : (a ?? 0) + (b ?? 0);
}
