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

type Comparison = (a: number, b: number) => number;

/**
 * The connections in order: by the first of the orders, ties by the next, and at last by cookie and incarnation, so that
 * the same snapshot always gives the same order. Strings compare by code unit.
 */
export function sortConnections(
  connections: readonly Connection[],
  orders: readonly Order[],
): readonly Connection[] {
  // Each value is taken once a row, not once a comparison: positions are sorted, by keys laid out in columns.
  const comparisons = [
    ...orders.map((order) => comparisonBy(connections, order)),
    comparisonById(connections),
  ];
  const positions = connections.map((_, position) => position);
  positions.sort((a, b) => {
    for (const compare of comparisons) {
      const result = compare(a, b);
      if (result !== 0) return result;
    }
    return 0;
  });
  const sorted: Connection[] = [];
  for (const position of positions) {
    const connection = connections[position];
    if (connection !== undefined) sorted.push(connection);
  }
  return sorted;
}

function comparisonBy(connections: readonly Connection[], { value, direction }: Order): Comparison {
  const keys = connections.map(value);
  const sign = direction === "asc" ? 1 : -1;
  return (a, b) => compareNullLast(keys[a] ?? null, keys[b] ?? null, sign);
}

function compareNullLast(a: SortValue, b: SortValue, sign: 1 | -1): number {
  if (a === b) return 0;
  if (a === null) return 1;
  if (b === null) return -1;
  return a < b ? -sign : sign;
}

/** Cookies are numbers or bigints; `<` compares the two kinds by value. */
function comparisonById(connections: readonly Connection[]): Comparison {
  return (a, b) => {
    const one = connections[a];
    const other = connections[b];
    if (one === undefined || other === undefined) return 0;
    if (one.cookie === other.cookie) return one.incarnation - other.incarnation;
    return one.cookie < other.cookie ? -1 : 1;
  };
}

function sumOfKnown(a: number | null, b: number | null): number | null {
  return a === null && b === null ? null : (a ?? 0) + (b ?? 0);
}
