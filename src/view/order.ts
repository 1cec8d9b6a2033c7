import type { Column, RowContext } from "../model/column.js";
import type { Connection } from "../model/connection.js";
import { type Order, SortedRows } from "./sorted-rows.js";

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

/** Of listening sockets: the fullest accept queue first, then what dropped most. What waits in one is what they are looked at for. */
const FULLEST_FIRST: readonly Order[] = [
  {
    value: ({ acceptQueue, acceptLimit }) => (acceptQueue ?? 0) / Math.max(1, acceptLimit ?? 0),
    direction: "desc",
  },
  { value: ({ drops }) => drops ?? 0, direction: "desc" },
  ...BUSIEST_FIRST,
];

/** What was asked for, and where that says nothing (no rate is known of the first snapshot) the usual order. */
export function ordersOf(asked: Order | null, isListening: boolean): readonly Order[] {
  const usual = isListening ? FULLEST_FIRST : BUSIEST_FIRST;
  return asked === null ? usual : [asked, ...usual];
}

/**
 * The connections in order: by the first of the orders, ties by the next, and at last by cookie and incarnation, so that
 * the same snapshot always gives the same order. Strings compare by code unit.
 */
export function sortConnections(
  connections: readonly Connection[],
  orders: readonly Order[],
): SortedRows<Connection> {
  return new SortedRows(connections, orders, compareIds);
}

/** Cookies are numbers or bigints; `<` compares the two kinds by value. */
function compareIds(one: Connection, other: Connection): number {
  if (one.cookie === other.cookie) return one.incarnation - other.incarnation;
  return one.cookie < other.cookie ? -1 : 1;
}

function sumOfKnown(a: number | null, b: number | null): number | null {
  return a === null && b === null ? null : (a ?? 0) + (b ?? 0);
}
