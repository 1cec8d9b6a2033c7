import type { Connection } from "../../src/model/connection.js";
import type { ClosedReading, Owner, OwnerSource, Sample, SocketReading } from "../../src/model/sample.js";
import type { Snapshot } from "../../src/model/snapshot.js";

/** Seconds since boot in ns, as times are in samples. */
export function seconds(count: number): number {
  return count * 1e9;
}

/** A sample taken `atSeconds` after boot, in which nothing happened but `parts`. */
export function sampleAt(atSeconds: number, parts: Partial<Sample> = {}): Sample {
  return {
    timeMs: 1_700_000_000_000 + atSeconds * 1000,
    readNs: seconds(atSeconds),
    sockets: [],
    opened: [],
    closed: [],
    lateOwners: [],
    holders: null,
    gone: [],
    folded: { connections: 0, txBytes: 0, rxBytes: 0, retransBytes: 0 },
    missedEvents: 0,
    stalled: null,
    ...parts,
  };
}

/** A reading taken `atSeconds` after boot; unless told, of an established connection that is older than the collector. */
export function readingAt(atSeconds: number, parts: Partial<SocketReading> = {}): SocketReading {
  const cookie = parts.cookie ?? 1;
  return {
    proto: "tcp",
    cookie,
    incarnation: 0,
    holderCookie: typeof cookie === "string" ? 1 : cookie,
    tuple: {
      family: 4,
      localAddr: "192.0.2.1",
      localPort: 40_000,
      remoteAddr: "198.51.100.7",
      remotePort: 443,
    },
    netns: 4_026_531_840,
    boundDevice: null,
    receivingDevice: null,
    state: "ESTABLISHED",
    direction: "out",
    openedNs: null,
    readNs: seconds(atSeconds),
    txBytes: 0,
    rxBytes: 0,
    rttUs: 250,
    rttvarUs: 20,
    minRttUs: 200,
    retrans: 0,
    retransBytes: 0,
    cwnd: 10,
    deliveryRate: null,
    sendQueue: 0,
    recvQueue: 0,
    acceptQueue: null,
    acceptLimit: null,
    drops: null,
    lastMovedNs: null,
    tcp: null,
    clock: null,
    revision: null,
    owner: null,
    ...parts,
  };
}

export function closedAt(atSeconds: number, parts: Partial<ClosedReading> = {}): ClosedReading {
  return { ...readingAt(atSeconds, { state: "LAST_ACK", ...parts }), endReason: parts.endReason ?? "fin" };
}

export function owner(pid: number, source: OwnerSource = "connect", comm = `comm-${pid}`): Owner {
  return { pid, comm, source };
}

/** The one row of a snapshot that has exactly one. */
export function onlyRow(snapshot: Snapshot): Connection {
  const [row, ...others] = snapshot.connections;
  if (row === undefined || others.length > 0) throw new Error(`${snapshot.connections.length} rows, not one`);
  return row;
}

/** The row with that id. */
export function rowOf(snapshot: Snapshot, id: string): Connection {
  const row = snapshot.connections.find((connection) => connection.id === id);
  if (row === undefined) throw new Error(`no row ${id}`);
  return row;
}
