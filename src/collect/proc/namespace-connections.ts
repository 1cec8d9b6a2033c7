import type { SocketTableRow } from "../../linux/proc-net.js";
import { TCP_STATES, type TcpState } from "../../model/tcp.js";
import { tupleOfEnds } from "./row-tuple.js";
import type { SocketInodes } from "./socket-inodes.js";
import { directionShown, goesOn, type TableConnection } from "./table-connection.js";

/**
 * The connections of one protocol in one network namespace, followed from read to read of its tables, which name them by
 * their ends and their file's inode only.
 */
export class NamespaceConnections {
  readonly #proto: "tcp" | "udp";
  readonly #nextCookie: () => number;
  readonly #inodes: SocketInodes;
  readonly #byEnds = new Map<string, TableConnection[]>();
  /** Ends of which this read met a mini-socket: all that is left of a connection. */
  readonly #left = new Set<string>();
  #read = 0;

  /** Cookies and inodes are those of the host. */
  constructor(proto: "tcp" | "udp", nextCookie: () => number, inodes: SocketInodes) {
    this.#proto = proto;
    this.#nextCookie = nextCookie;
    this.#inodes = inodes;
  }

  /** To be called before the tables are read from their start. */
  beginRead(): void {
    this.#read += 1;
    this.#left.clear();
  }

  /** The connection that a row tells of; null for what is none, and for a row that stands twice. */
  take(row: SocketTableRow): TableConnection | null {
    const state = TCP_STATES[row.state - 1] ?? "CLOSE";
    if (state === "TIME_WAIT" || row.isMiniSocket) {
      if (this.#byEnds.has(row.ends)) this.#left.add(row.ends);
      return null;
    }
    if (this.#proto === "tcp" && isWithoutConnection(row, state)) return null;
    const connection = this.#find(row, state) ?? this.#add(row, state);
    if (connection.seenIn === this.#read) return null;
    connection.seenIn = this.#read;
    connection.isMissed = false;
    connection.state = state;
    if (row.inode !== 0 && connection.inode === 0) this.#learnInode(connection, row.inode);
    if (this.#proto === "tcp") connection.direction ??= directionShown(row, state);
    return connection;
  }

  /**
   * What has ended, when the tables have been read whole. The read can skip a socket while others come and go, so one that
   * left no trace is given up when two reads in a row have missed it.
   */
  endRead(): readonly TableConnection[] {
    const ended: TableConnection[] = [];
    for (const [ends, connections] of this.#byEnds) {
      for (const connection of connections) {
        if (connection.seenIn === this.#read) continue;
        if (connection.isMissed || this.#left.has(ends)) ended.push(connection);
        connection.isMissed = true;
      }
    }
    for (const connection of ended) this.#remove(connection);
    return ended;
  }

  get isEmpty(): boolean {
    return this.#byEnds.size === 0;
  }

  #find(row: SocketTableRow, state: TcpState): TableConnection | undefined {
    const connections = this.#byEnds.get(row.ends);
    if (connections === undefined) return undefined;
    const same = connections.find(({ inode }) => inode === row.inode);
    if (same !== undefined && goesOn(same, row, state)) return same;
    return connections.find((connection) => goesOn(connection, row, state));
  }

  #add(row: SocketTableRow, state: TcpState): TableConnection {
    const connection: TableConnection = {
      cookie: this.#nextCookie(),
      proto: this.#proto,
      ends: row.ends,
      tuple: tupleOfEnds(row.ends),
      inode: 0,
      state,
      direction: null,
      seenIn: 0,
      isMissed: false,
    };
    const others = this.#byEnds.get(row.ends);
    if (others === undefined) this.#byEnds.set(row.ends, [connection]);
    else others.push(connection);
    return connection;
  }

  /** From when it has been accepted, or else from the start. */
  #learnInode(connection: TableConnection, inode: number): void {
    connection.inode = inode;
    this.#inodes.add(inode, connection.cookie);
  }

  #remove(connection: TableConnection): void {
    if (connection.inode !== 0) this.#inodes.remove(connection.inode, connection.cookie);
    const rest = (this.#byEnds.get(connection.ends) ?? []).filter((other) => other !== connection);
    if (rest.length === 0) this.#byEnds.delete(connection.ends);
    else this.#byEnds.set(connection.ends, rest);
  }
}

/** Half-open handshakes are no connection yet, and have no socket. */
function isWithoutConnection(row: SocketTableRow, state: TcpState): boolean {
  return state === "CLOSE" || (state === "SYN_RECV" && row.inode === 0);
}
