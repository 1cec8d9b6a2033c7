import type { Connection } from "./connection.js";
import type { ProcessDetails } from "./process-details.js";
import type { Folded, LostRecords, Stall } from "./sample.js";

/** An immutable picture of the connection table at one tick. */
export interface Snapshot {
  readonly timeMs: number;
  /** The same instant in ns since boot: what ages are computed from (`connectionAgeMs`). */
  readonly readNs: number;
  /** Measured time since the snapshot before; null in the first. */
  readonly intervalMs: number | null;
  /** Open connections, listening sockets, and those closed that still linger. */
  readonly connections: readonly Connection[];
  /** Open connections that were read at this tick and have no row, because the table is full. Not in the totals. */
  readonly untracked: number;
  readonly totals: Totals;
  /** What is known of processes, by pid: of all owners that are there, as far as they have been looked at. */
  readonly processes: ReadonlyMap<number, ProcessDetails>;
  /** What passed the network devices meanwhile; null when not known. */
  readonly interfaces: InterfaceTotals | null;
  readonly folded: Folded;
  readonly missedEvents: number;
  /** Null for a collector that can't lose any. */
  readonly lost: LostRecords | null;
  readonly stalled: Stall | null;
}

/** What was moved in both directions. */
export interface TrafficTotals {
  /** Since the collector started. Never goes back. */
  readonly txBytes: number;
  readonly rxBytes: number;
  /** Bytes/s since the last snapshot that was not stalled; null in the first, and while the collector is stalled. */
  readonly txRate: number | null;
  readonly rxRate: number | null;
}

/**
 * What the devices of the collector's own network namespace counted: headers, ACKs, what was sent again, what was forwarded,
 * and other protocols than TCP and UDP are in it; what other namespaces moved is not, unless it came through this one.
 */
export interface InterfaceTotals extends TrafficTotals {
  /** Those that were summed up, by name: all but the stacked, whose traffic the devices below them count too. */
  readonly names: readonly string[];
  /** Every one, the stacked too. */
  readonly devices: readonly DeviceTotals[];
}

export interface DeviceTotals extends TrafficTotals {
  readonly name: string;
  readonly isStacked: boolean;
}

/** Sums over the whole table, whatever a view shows of it. */
export interface Totals {
  /** Open now; listening sockets and closed connections not counted. */
  readonly open: number;
  readonly listening: number;
  /** The open ones by state, UDP's as `UDP`: those states that there are. */
  readonly states: ReadonlyMap<string, number>;
  /** Connections (no listening sockets) that closed since the collector started, the folded included. */
  readonly closed: number;
  /**
   * Payload moved since the collector started, of open, closed and folded connections. Never goes back. Null where no
   * protocol is counted.
   */
  readonly txBytes: number | null;
  readonly rxBytes: number | null;
  /** Bytes/s since the last snapshot that was not stalled; null in the first, and while the collector is stalled. */
  readonly txRate: number | null;
  readonly rxRate: number | null;
  /** TCP segments sent again in a second, from snapshot to snapshot; null as the rates of bytes. */
  readonly retransRate: number | null;
  /** The bytes by protocol; null for one that the collector can't count. */
  readonly tcp: TrafficTotals | null;
  readonly udp: TrafficTotals | null;
}

/** What is known before the first sample: nothing. */
export function emptySnapshot(): Snapshot {
  return {
    timeMs: 0,
    readNs: 0,
    intervalMs: null,
    connections: [],
    untracked: 0,
    totals: {
      ...{ open: 0, listening: 0, states: new Map(), closed: 0 },
      ...{ txBytes: null, rxBytes: null, txRate: null, rxRate: null, retransRate: null },
      ...{ tcp: null, udp: null },
    },
    processes: new Map(),
    interfaces: null,
    folded: { connections: 0, txBytes: 0, rxBytes: 0, retransBytes: 0 },
    missedEvents: 0,
    lost: null,
    stalled: null,
  };
}

/** Whether nothing has been read as yet: what is counted in it is not known then. */
export function isBlank({ readNs }: Pick<Snapshot, "readNs">): boolean {
  return readNs === 0;
}

/**
 * What is still known while the collector does not answer: connections as they were last seen, without the closed, which have
 * been shown, and without rates and changes, which were those of an interval that is over.
 */
export function stalledSnapshot(latest: Snapshot, timeMs: number, stalled: Stall): Snapshot {
  const open = latest.connections.filter(({ closed }) => !closed);
  return {
    ...latest,
    timeMs,
    connections: open.map((connection) => ({ ...connection, txRate: null, rxRate: null, change: null })),
    totals: {
      ...withoutRates(latest.totals),
      retransRate: null,
      tcp: latest.totals.tcp && withoutRates(latest.totals.tcp),
      udp: latest.totals.udp && withoutRates(latest.totals.udp),
    },
    interfaces: latest.interfaces && {
      ...withoutRates(latest.interfaces),
      devices: latest.interfaces.devices.map(withoutRates),
    },
    stalled,
  };
}

function withoutRates<Rated extends { readonly txRate: number | null; readonly rxRate: number | null }>(
  rated: Rated,
): Rated {
  return { ...rated, txRate: null, rxRate: null };
}
