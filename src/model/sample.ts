import type { ProcessDetails } from "./process-details.js";
import type { EndReason, SocketState } from "./tcp.js";
import type { TcpDetails } from "./tcp-details.js";

/**
 * The kernel's 64-bit number for a socket, unique since boot over all namespaces.
 * A Number while it is exact as one, else a BigInt: nested namespaces count down from 2^64.
 */
export type SocketCookie = number | bigint;

/**
 * What names a connection, with its incarnation: the socket's cookie; for one of a UDP socket's many peers
 * `cookie/number`.
 */
export type ConnectionKey = SocketCookie | `${SocketCookie}/${number}`;

/** Both ends of a connection, addresses as text (IPv4-mapped IPv6 already as IPv4). */
export interface Tuple {
  readonly family: 4 | 6;
  readonly localAddr: string;
  readonly localPort: number;
  readonly remoteAddr: string;
  readonly remotePort: number;
}

/** How it is known that a process owns a socket. */
export const OWNER_SOURCES = [
  /** It called connect(). */
  "connect",
  /** It called accept(). */
  "accept",
  /** The socket was used (sent, received, shut down, closed) in its context. */
  "io",
  /** It has the socket open. */
  "holder",
] as const;

export type OwnerSource = (typeof OWNER_SOURCES)[number];

export interface Owner {
  /** Process id (thread group) in the initial pid namespace. */
  readonly pid: number;
  /** The process's name (not its thread's), free of control characters. */
  readonly comm: string;
  readonly source: OwnerSource;
}

/**
 * What one connection's counters said at one instant. TCP's are since the connection opened, UDP's since the socket was
 * first seen. What a protocol does not have is null.
 */
export interface SocketReading {
  readonly proto: "tcp" | "udp";
  readonly cookie: ConnectionKey;
  /** Counts the connections that one socket has had; 0 for the first that was seen. */
  readonly incarnation: number;
  /** The socket that processes hold: itself, or the MPTCP socket that this is a subflow of. */
  readonly holderCookie: SocketCookie;
  readonly tuple: Tuple;
  /** Inode of the network namespace. */
  readonly netns: number;
  /** Index of the device that the socket is bound to; null for none. */
  readonly boundDevice: number | null;
  /** Index of the device that it last received by; null when it has not, and where that is not known. TCP only. */
  readonly receivingDevice: number | null;
  readonly state: SocketState;
  readonly direction: "in" | "out" | null;
  /** When it opened, in ns since boot; null when it is older than the collector. */
  readonly openedNs: number | null;
  /**
   * Whether it opened while the collector ran, where it is not known when: all that it moved, it moved since then. Left out
   * where `openedNs` tells.
   */
  readonly countsFromZero?: boolean;
  /** When these counters were read, in ns since boot. */
  readonly readNs: number;
  /** Payload put on the wire at least once; null where it can't be told to the byte. */
  readonly txBytes: number | null;
  /** Payload received in order. */
  readonly rxBytes: number | null;
  /** Smoothed round trip time; null before the first measurement. */
  readonly rttUs: number | null;
  readonly rttvarUs: number | null;
  readonly minRttUs: number | null;
  /** Segments retransmitted. Null for listening sockets, as are the bytes and the window. */
  readonly retrans: number | null;
  readonly retransBytes: number | null;
  /** Congestion window in segments. */
  readonly cwnd: number | null;
  /** Bytes/s as the kernel measured delivery; null before the first measurement. */
  readonly deliveryRate: number | null;
  /** Bytes written by the application and not yet acknowledged. Null for listening sockets. */
  readonly sendQueue: number | null;
  /** Bytes received and not yet read by the application. Null for listening sockets. */
  readonly recvQueue: number | null;
  /** Connections waiting for accept(), and how many may. Null but for listening sockets. */
  readonly acceptQueue: number | null;
  readonly acceptLimit: number | null;
  /** Datagrams that found the socket's receive buffer full, since the socket was made. Null for TCP. */
  readonly drops: number | null;
  /** When it last moved anything, in ns since boot. Null for TCP, and before it has. */
  readonly lastMovedNs: number | null;
  /** Null but for TCP connections that are, or were, established, and where it is not told. */
  readonly tcp: TcpDetails | null;
  /** When the times in `tcp` were read, in their unit; null where there are none. */
  readonly clock: number | null;
  /**
   * The number of what is said here, but for `readNs` and `clock`: two readings with the same number say the same. Null where the
   * collector does not compare them.
   */
  readonly revision: number | null;
  /** The process in whose context the socket connected, was used or closed, when that was seen. */
  readonly owner: Owner | null;
}

/** The last word on a connection: its final counters, and how it ended. Its `state` is the last before CLOSE. */
export interface ClosedReading extends SocketReading {
  readonly endReason: EndReason;
}

/** One process that holds one socket open. */
export interface Holder {
  /** The socket held: equals `SocketReading.holderCookie`. */
  readonly cookie: SocketCookie;
  readonly pid: number;
  readonly comm: string;
}

/** An owner that became known after the socket's close was reported. */
export interface LateOwner {
  readonly cookie: ConnectionKey;
  readonly incarnation: number;
  readonly owner: Owner;
}

/** Connections that closed while the ring was full: kept as totals of what had not been reported. */
export interface Folded {
  readonly connections: number;
  readonly txBytes: number;
  readonly rxBytes: number;
  readonly retransBytes: number;
}

/**
 * Records that found the ring full, but for closes, which are folded; cumulative. Openings and states are told again by walks and
 * closes.
 */
export interface LostRecords {
  readonly opens: number;
  readonly states: number;
  /** Owners that became known after the close: those connections have none. */
  readonly owners: number;
  /** Ends of UDP sockets: what they moved since the last walk is in no row, and in no total. */
  readonly udpEnds: number;
}

/** What one network device of the collector's own namespace has counted, all protocols and headers included. */
export interface InterfaceReading {
  readonly name: string;
  /** Since the device was made. */
  readonly txBytes: number;
  readonly rxBytes: number;
  /** Whether it stands on others (a bridge, a bond, a VLAN), which count its traffic too; null when that can't be told. */
  readonly isStacked: boolean | null;
}

/** What a collector read at one instant, plus what closed since the sample before, plus its own losses. */
export interface Sample {
  /** Wall clock, ms since the epoch. */
  readonly timeMs: number;
  /** The same instant in ns since boot: what rates are computed from. */
  readonly readNs: number;
  /**
   * Sockets seen by the walk. One may be missing, or stand twice: a walk is not atomic. The readings are the collector's: it may
   * move the times of those that say the same in its next sample, so they are good until then.
   */
  readonly sockets: readonly SocketReading[];
  /** Connections that opened since the sample before. */
  readonly opened: readonly SocketReading[];
  /** Connections that closed since the sample before; apply after `sockets` and `opened`. */
  readonly closed: readonly ClosedReading[];
  readonly lateOwners: readonly LateOwner[];
  /** Who holds which socket; null when that was not read this time. */
  readonly holders: readonly Holder[] | null;
  /** Sockets that were looked up by cookie since the sample before, and are gone. */
  readonly gone: readonly ConnectionKey[];
  /** Cumulative since the collector started. */
  readonly folded: Folded;
  /** State changes that the kernel did not run our program for; cumulative. */
  readonly missedEvents: number;
  /** Left out by collectors that have no ring. */
  readonly lost?: LostRecords;
  /** Protocols whose bytes the collector can't know; none when left out. */
  readonly uncounted?: readonly SocketReading["proto"][];
  /** The devices of the collector's own network namespace; left out by collectors that do not look. */
  readonly interfaces?: readonly InterfaceReading[];
  /** When those were read, in ns since boot. */
  readonly interfacesReadNs?: number;
  /**
   * What is known of processes, by pid: of those that the sample names, and of others. Left out by collectors that do
   * not look; the same map as in the sample before while nothing in it changes.
   */
  readonly processes?: ReadonlyMap<number, ProcessDetails>;
  /** What network namespaces are called, by inode: those that have a name now. As `processes`, left out or the same map. */
  readonly namespaces?: ReadonlyMap<number, string>;
  /**
   * What network devices are called, by the inode of their namespace and their index: those that sockets of the sample name, as
   * far as they are known. As `processes`, left out or the same map.
   */
  readonly devices?: ReadonlyMap<number, ReadonlyMap<number, string>>;
  /** Why the sample may lack sockets; null when the kernel answered in time. */
  readonly stalled: Stall | null;
}

/** A part of the kernel that has not answered. */
export interface Stall {
  /** What is waited for, as words for the screen. */
  readonly what: string;
  /** Since when, as wall clock in ms since the epoch. */
  readonly sinceMs: number;
}
