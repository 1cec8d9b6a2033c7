import { formatEndpoint } from "../model/address.js";
import type { Connection } from "../model/connection.js";

/** Both ends of one conversation within a network namespace of this host. */
export interface LoopbackPair {
  readonly kind: "pair";
  /** The end that opened the connection; where nobody saw that, the end with the larger port. */
  readonly client: Connection;
  readonly server: Connection;
  /** Whether either end knows which of them opened it. */
  readonly isDirectionKnown: boolean;
}

/** A connection whose other end is not here, or not shown. */
export interface SingleEnd {
  readonly kind: "single";
  readonly connection: Connection;
}

/**
 * Folds the two ends of a conversation into one row, where the first of them stood. Ends belong together when one's local end is
 * the other's remote end, in the same protocol and namespace, and both are open or both have ended: ports are used again, so
 * an end that has closed may not be taken for that of the connection after it.
 */
export function foldLoopbackPairs(connections: readonly Connection[]): readonly (LoopbackPair | SingleEnd)[] {
  const rows: (LoopbackPair | SingleEnd)[] = [];
  /** Where the ends stand that have not met their other end yet, by what that will ask for. */
  const waiting = new Map<string, number[]>();
  for (const connection of connections) {
    const place = waiting.get(endKey(connection, "remote"))?.shift();
    const other = place === undefined ? undefined : rows[place];
    if (place !== undefined && other?.kind === "single") {
      rows[place] = pairOf(other.connection, connection);
      continue;
    }
    if (mayHaveOtherEnd(connection)) {
      const key = endKey(connection, "local");
      const places = waiting.get(key);
      if (places === undefined) waiting.set(key, [rows.length]);
      else places.push(rows.length);
    }
    rows.push({ kind: "single", connection });
  }
  return rows;
}

/** A listening socket has no other end. */
function mayHaveOtherEnd({ remotePort }: Connection): boolean {
  return remotePort !== 0;
}

/** What names a conversation, seen from the one end or the other. */
function endKey(connection: Connection, first: "local" | "remote"): string {
  const { proto, netns, closed, localAddr, localPort, remoteAddr, remotePort } = connection;
  const local = formatEndpoint(localAddr, localPort);
  const remote = formatEndpoint(remoteAddr, remotePort);
  const ends = first === "local" ? `${local} ${remote}` : `${remote} ${local}`;
  return `${proto} ${netns} ${closed} ${ends}`;
}

function pairOf(one: Connection, other: Connection): LoopbackPair {
  const isDirectionKnown = one.direction !== null || other.direction !== null;
  const isOneClient = isDirectionKnown
    ? one.direction === "out" || other.direction === "in"
    : one.localPort > other.localPort;
  return {
    kind: "pair",
    client: isOneClient ? one : other,
    server: isOneClient ? other : one,
    isDirectionKnown,
  };
}
