import type { ColumnName } from "../model/columns.js";
import { type Connection, isListening } from "../model/connection.js";
import type { Snapshot } from "../model/snapshot.js";
import { columnsOf, type Filter } from "./filter/filter.js";
import { ordersOf, sortConnections } from "./order.js";
import type { Order } from "./sorted-rows.js";

/** Which connections of a snapshot are wanted, and in which order. */
export interface RowRequest {
  readonly family?: 4 | 6;
  readonly proto?: "tcp" | "udp";
  /** Any of the owners. */
  readonly pid?: number;
  /** true: listening sockets only, false: none of them, null: also these. */
  readonly listening: boolean | null;
  /** Only those that moved bytes, opened or closed in the interval that ends with the snapshot. */
  readonly active: boolean;
  /** What else a row has to be. */
  readonly filter?: (connection: Connection) => boolean;
  /** Default: the busiest first, of listening sockets the fullest accept queue. */
  readonly order?: Order;
  /** Rows at most. */
  readonly limit?: number;
}

export interface Rows {
  readonly rows: readonly Connection[];
  /** How many more match, and are beyond the limit. */
  readonly hidden: number;
}

/** The rows of a snapshot that were asked for: what every front end shows. */
export function selectRows(snapshot: Snapshot, request: RowRequest): Rows {
  const { order, listening } = request;
  const orders = ordersOf(order ?? null, listening === true);
  const sorted = sortConnections(matchingRows(snapshot, request), orders);
  const rows = sorted.slice(0, request.limit ?? sorted.length);
  return { rows, hidden: sorted.length - rows.length };
}

/** Those that were asked for, in no order, without a limit: what groups are made of. */
export function matchingRows(
  snapshot: Snapshot,
  request: Omit<RowRequest, "order" | "limit">,
): readonly Connection[] {
  return snapshot.connections.filter((connection) => matches(connection, request));
}

/** Columns that say something of listening sockets as such: who asks for them wants to see these. */
const ABOUT_LISTENING: readonly ColumnName[] = ["state", "accept_queue", "accept_limit"];

/** Whether listening sockets are shown (see `RowRequest.listening`), by the option for it and the filter. */
export function listeningShown(option: boolean, filter: Filter | null): boolean | null {
  if (option) return true;
  if (filter === null) return false;
  const columns = columnsOf(filter);
  return ABOUT_LISTENING.some((name) => columns.has(name)) ? null : false;
}

function matches(connection: Connection, request: Omit<RowRequest, "order" | "limit">): boolean {
  const { family, proto, pid, listening, active, filter } = request;
  return (
    (family === undefined || connection.family === family) &&
    (proto === undefined || connection.proto === proto) &&
    (pid === undefined || connection.owners.some((owner) => owner.pid === pid)) &&
    (listening === null || isListening(connection) === listening) &&
    (!active || isActive(connection)) &&
    (filter === undefined || filter(connection))
  );
}

function isActive({ txRate, rxRate, change }: Connection): boolean {
  return change !== null || (txRate ?? 0) > 0 || (rxRate ?? 0) > 0;
}
