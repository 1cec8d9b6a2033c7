import type { RowContext } from "../../model/column.js";
import { type ColumnName, findColumn } from "../../model/columns.js";
import type { Connection } from "../../model/connection.js";
import { type GroupBy, type Grouping, type GroupKey, groupingBy } from "./grouping.js";

/**
 * Connections that have something in common, and their sums: of the whole numbers that rows show, so that a group is to the
 * byte what its rows add up to. A sum is null only when it is unknown of all; else it is that of those that are known.
 */
export interface Group {
  readonly by: GroupBy;
  /** null: of these connections it is not known, or they have none. */
  readonly key: GroupKey;
  /** What the key is called; null for no name. */
  readonly name: string | null;
  /** In the order that they came in; one at least. */
  readonly connections: readonly Connection[];
  readonly closedConnections: number;
  readonly txBytes: number | null;
  readonly rxBytes: number | null;
  readonly txRate: number | null;
  readonly rxRate: number | null;
  readonly retrans: number | null;
  readonly retransBytes: number | null;
  readonly sendQueue: number | null;
  readonly recvQueue: number | null;
  readonly acceptQueue: number | null;
  readonly acceptLimit: number | null;
  /** Of those that are known; of an even number, the smaller of the two in the middle: one that was measured. */
  readonly medianRttUs: number | null;
  readonly maxRttUs: number | null;
}

/** The groups of some connections, in the order in which each first appears. Every connection is in one group. */
export function groupConnections(
  connections: readonly Connection[],
  by: GroupBy,
  context: RowContext,
): readonly Group[] {
  const grouping = groupingBy(by);
  const { keys, members, indices } = divide(connections, grouping);
  const sum = (name: ColumnName) => sums(connections, indices, keys.length, readerOf(name), context);
  const txBytes = sum("tx_bytes");
  const rxBytes = sum("rx_bytes");
  const txRate = sum("tx_rate");
  const rxRate = sum("rx_rate");
  const retrans = sum("retrans");
  const retransBytes = sum("retrans_bytes");
  const sendQueue = sum("send_queue");
  const recvQueue = sum("recv_queue");
  const acceptQueue = sum("accept_queue");
  const acceptLimit = sum("accept_limit");
  return members.map((rows, index): Group => {
    const rtts = knownRtts(rows, context);
    return {
      by,
      key: keys[index] ?? null,
      name: firstName(rows, grouping),
      connections: rows,
      closedConnections: countClosed(rows),
      txBytes: txBytes(index),
      rxBytes: rxBytes(index),
      txRate: txRate(index),
      rxRate: rxRate(index),
      retrans: retrans(index),
      retransBytes: retransBytes(index),
      sendQueue: sendQueue(index),
      recvQueue: recvQueue(index),
      acceptQueue: acceptQueue(index),
      acceptLimit: acceptLimit(index),
      medianRttUs: rtts[(rtts.length - 1) >>> 1] ?? null,
      maxRttUs: rtts[rtts.length - 1] ?? null,
    };
  });
}

interface Division {
  readonly keys: readonly GroupKey[];
  readonly members: readonly (readonly Connection[])[];
  /** The group of each connection, by position. */
  readonly indices: Uint32Array;
}

function divide(connections: readonly Connection[], { key: keyOf }: Grouping): Division {
  const indexByKey = new Map<GroupKey, number>();
  const keys: GroupKey[] = [];
  const members: Connection[][] = [];
  const indices = new Uint32Array(connections.length);
  let position = 0;
  for (const connection of connections) {
    const key = keyOf(connection);
    let index = indexByKey.get(key);
    if (index === undefined) {
      index = keys.length;
      indexByKey.set(key, index);
      keys.push(key);
      members.push([]);
    }
    members[index]?.push(connection);
    indices[position] = index;
    position += 1;
  }
  return { keys, members, indices };
}

type Read = (connection: Connection, context: RowContext) => number | null;

/** Sums up a column: the columns' numbers lie together, and no object is made for any row. */
function sums(
  connections: readonly Connection[],
  indices: Uint32Array,
  count: number,
  read: Read,
  context: RowContext,
): (index: number) => number | null {
  const totals = new Float64Array(count);
  const isKnown = new Uint8Array(count);
  let position = 0;
  for (const connection of connections) {
    const value = read(connection, context);
    const index = indices[position] ?? 0;
    position += 1;
    if (value === null) continue;
    totals[index] = (totals[index] ?? 0) + value;
    isKnown[index] = 1;
  }
  return (index) => (isKnown[index] === 1 ? (totals[index] ?? 0) : null);
}

function readerOf(name: ColumnName): Read {
  const column = findColumn(name);
  if (column?.type !== "integer") throw new TypeError(`${name} is no number`);
  return column.value;
}

const rttOf = readerOf("rtt_us");

/** In ascending order. */
function knownRtts(connections: readonly Connection[], context: RowContext): Float64Array {
  const known = new Float64Array(connections.length);
  let count = 0;
  for (const connection of connections) {
    const rtt = rttOf(connection, context);
    if (rtt === null) continue;
    known[count] = rtt;
    count += 1;
  }
  return known.subarray(0, count).sort();
}

function firstName(connections: readonly Connection[], grouping: Grouping): string | null {
  for (const connection of connections) {
    const name = grouping.name(connection);
    if (name !== null) return name;
  }
  return null;
}

function countClosed(connections: readonly Connection[]): number {
  let closed = 0;
  for (const connection of connections) if (connection.closed) closed += 1;
  return closed;
}
