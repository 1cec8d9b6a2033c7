import type { SocketTableRow } from "../../linux/proc-net.js";
import type { Tuple } from "../../model/sample.js";
import type { TcpState } from "../../model/tcp.js";

/** A connection, or a listening socket, as the rows of a socket table told of it. */
export interface TableConnection {
  /** tcptop's own number for it: tables tell no socket cookies. */
  readonly cookie: number;
  readonly proto: "tcp" | "udp";
  readonly ends: string;
  readonly tuple: Tuple;
  /** Of the socket's file; 0 until it has been accepted. Kept when it is closed and the kernel sends the rest. */
  inode: number;
  state: TcpState;
  /** Only what was seen: SYN_SENT is the state of who connects, and only who is connected to waits for accept(). */
  direction: "in" | "out" | null;
  /** Number of the last read that met it. */
  seenIn: number;
  /** Whether one whole read has missed it. */
  isMissed: boolean;
}

/** States in which a socket without a file has not been accepted yet; close() leads to others. */
const BEFORE_ACCEPT: ReadonlySet<TcpState> = new Set(["ESTABLISHED", "CLOSE_WAIT"]);

function waitsForAccept(inode: number, state: TcpState): boolean {
  return inode === 0 && BEFORE_ACCEPT.has(state);
}

/**
 * Whether a row with the same ends goes on with this connection. The ends alone do not tell: they are used again, several
 * sockets can listen on the same (SO_REUSEPORT), and the subflows of MPTCP share one file's inode.
 */
export function goesOn(connection: TableConnection, row: SocketTableRow, state: TcpState): boolean {
  if (connection.proto === "udp") return connection.inode === row.inode;
  // The socket connects once more, after a disconnect.
  if (state === "SYN_SENT" && connection.state !== "SYN_SENT") return false;
  if (waitsForAccept(row.inode, state)) return waitsForAccept(connection.inode, connection.state);
  // Closed, and not forgotten by the kernel yet.
  if (row.inode === 0) return connection.state !== "LISTEN";
  return connection.inode === row.inode || waitsForAccept(connection.inode, connection.state);
}

/** The direction that a row of TCP proves; null where it proves none. */
export function directionShown(row: SocketTableRow, state: TcpState): "in" | "out" | null {
  if (state === "SYN_SENT") return "out";
  return waitsForAccept(row.inode, state) ? "in" : null;
}
