import { type Connection, isListening } from "../model/connection.js";
import type { Snapshot } from "../model/snapshot.js";
import type { Order } from "./order.js";
import { BUSIEST_FIRST, sortConnections } from "./order.js";

/** Which connections of a snapshot are wanted, and in which order. */
export interface RowRequest {
  readonly family?: 4 | 6;
  readonly proto?: "tcp" | "udp";
  /** Any of the owners. */
  readonly pid?: number;
  /** true: listening sockets only, false: none of them. */
  readonly listening: boolean;
  /** Only those that moved bytes, opened or closed in the interval that ends with the snapshot. */
  readonly active: boolean;
  /** Default: the busiest first. */
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
  const matching = snapshot.connections.filter((connection) => matches(connection, request));
  const sorted = sortConnections(matching, request.order === undefined ? BUSIEST_FIRST : [request.order]);
  const rows = request.limit === undefined ? sorted : sorted.slice(0, request.limit);
  return { rows, hidden: sorted.length - rows.length };
}

function matches(connection: Connection, { family, proto, pid, listening, active }: RowRequest): boolean {
  return (
    (family === undefined || connection.family === family) &&
    (proto === undefined || connection.proto === proto) &&
    (pid === undefined || connection.owners.some((owner) => owner.pid === pid)) &&
    isListening(connection) === listening &&
    (!active || isActive(connection))
  );
}

function isActive({ txRate, rxRate, change }: Connection): boolean {
  return change !== null || (txRate ?? 0) > 0 || (rxRate ?? 0) > 0;
}
