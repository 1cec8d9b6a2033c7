import type { Limits } from "./limits.js";
import type { ProcessDetails } from "./process-details.js";
import type { ConnectionKey, Owner, OwnerSource, Tuple } from "./sample.js";
import type { EndReason, SocketState } from "./tcp.js";
import type { TcpDetails } from "./tcp-details.js";

/**
 * One connection at one tick: what the connection table knows of it. Immutable. Unknown is null.
 * Nothing in it changes by the mere passing of time, so that a quiet connection stays the same object
 * from snapshot to snapshot: age is derived by `connectionAgeMs`.
 */
export interface Connection extends Tuple {
  /** Socket cookie in decimal, with `.n` for a later incarnation. */
  readonly id: string;
  readonly cookie: ConnectionKey;
  readonly incarnation: number;
  readonly proto: "tcp" | "udp";
  /** Inode of the network namespace: what it is known by. */
  readonly netns: number;
  /** What that is called; kept when it loses its name. */
  readonly netnsName: string | null;
  /** Index of the device that the socket is bound to; null for none. */
  readonly boundDevice: number | null;
  /** Index of the device that it last received by; null when it has not, and where that is not known. TCP only. */
  readonly receivingDevice: number | null;
  /** What the one or else the other is called; kept when it loses its name. */
  readonly deviceName: string | null;
  readonly direction: "in" | "out" | null;
  /** Of a closed connection: its last state before CLOSE. */
  readonly state: SocketState;
  /** The owner that stands for all: see src/engine/ownership.ts. */
  readonly pid: number | null;
  readonly comm: string | null;
  readonly ownerSource: OwnerSource | null;
  /** What is known of the process of `pid`; kept when that ends. */
  readonly process: ProcessDetails | null;
  /** By ascending pid. */
  readonly owners: readonly Owner[];
  /** Payload since the connection opened, as in its newest reading. */
  readonly txBytes: number | null;
  readonly rxBytes: number | null;
  /** Bytes/s over the time between the last two readings; null before there are two, and when not read this tick. */
  readonly txRate: number | null;
  readonly rxRate: number | null;
  readonly rttUs: number | null;
  readonly rttvarUs: number | null;
  readonly minRttUs: number | null;
  readonly retrans: number | null;
  readonly retransBytes: number | null;
  readonly cwnd: number | null;
  readonly deliveryRate: number | null;
  readonly sendQueue: number | null;
  readonly recvQueue: number | null;
  readonly acceptQueue: number | null;
  readonly acceptLimit: number | null;
  /** Datagrams that found the socket's receive buffer full. Null for TCP. */
  readonly drops: number | null;
  /** When it last moved anything, in ns since boot. Null for TCP, and before it has. */
  readonly lastMovedNs: number | null;
  /** As in its newest reading. */
  readonly tcp: TcpDetails | null;
  /** What it waited for between its last two readings; null as rates are, when it is closed, and when it can't be told. */
  readonly limits: Limits | null;
  /** When it opened, in ns since boot; null when it is older than the collector. */
  readonly openedNs: number | null;
  /** When it closed, in ns since boot; null while it is open, and when its end was not seen. */
  readonly closedNs: number | null;
  readonly closed: boolean;
  readonly endReason: EndReason | null;
  /** What became of it in the interval that ends with this snapshot: `closed` if both. */
  readonly change: "opened" | "closed" | null;
}

/** A connection that the walks no longer see though no close was reported: to be looked up by cookie. */
export interface Suspect {
  readonly cookie: ConnectionKey;
  readonly proto: "tcp" | "udp";
  readonly tuple: Tuple;
  /** Inode of the network namespace. */
  readonly netns: number;
  /** Index of the device that the socket is bound to; null for none. */
  readonly boundDevice: number | null;
}

/** The identity of a connection as text: the cookie in decimal, with `.n` for a later incarnation. */
export function connectionId(cookie: ConnectionKey, incarnation: number): string {
  return incarnation === 0 ? String(cookie) : `${cookie}.${incarnation}`;
}

/**
 * Age in ms at an instant in ns since boot (`Snapshot.readNs`); for a closed connection, how long it lived.
 * Null when it is older than the collector, or its end was not seen. From the boot clock, since the wall clock
 * can be set.
 */
export function connectionAgeMs(
  connection: Pick<Connection, "openedNs" | "closedNs" | "closed">,
  readNs: number,
): number | null {
  const endNs = connection.closed ? connection.closedNs : readNs;
  if (connection.openedNs === null || endNs === null) return null;
  return Math.max(0, (endNs - connection.openedNs) / 1e6);
}

/** Index of the device that stands for a connection: the one that its socket is bound to, else the one that it received by. */
export function deviceIndex({
  boundDevice,
  receivingDevice,
}: Pick<Connection, "boundDevice" | "receivingDevice">): number | null {
  return boundDevice ?? receivingDevice;
}

/** Whether it waits for others to speak: a listening TCP socket, or a UDP socket's own row that has moved nothing. */
export function isListening(connection: ListeningTraits): boolean {
  if (connection.state === "LISTEN") return true;
  return connection.state === "UNCONN" && connection.lastMovedNs === null;
}

type ListeningTraits = Pick<Connection, "state" | "lastMovedNs">;
