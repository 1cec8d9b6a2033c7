import { DestroyedSockets } from "../../linux/destroyed-sockets.js";
import type { InetDiagMessage } from "../../linux/inet-diag-message.js";
import { SystemCallError } from "../../linux/libc.js";
import type { TakeMessage } from "../../linux/netlink-stream.js";
import { inNamespaceOfInode } from "../../linux/network-namespaces.js";
import { SockDiag } from "../../linux/sock-diag.js";
import { DIAG_TABLES, type DiagTable } from "../../linux/sock-diag-messages.js";
import { SocketCounts } from "../../linux/socket-counts.js";
import type { SocketInodes } from "../proc/socket-inodes.js";
import { TrackedSockets } from "./tracked-sockets.js";

/** For so many sockets that are gone it is looked up whether they left a mini-socket, each time that the kernel is asked for such. */
const MOST_LOOK_UPS = 500;

/** A network namespace whose sockets are followed. What is open here keeps it alive, until it is closed. */
export class WatchedNamespace {
  readonly netns: number;
  readonly sockets: TrackedSockets;
  /** Tables that the read at hand has had whole. */
  readonly whole = new Set<DiagTable>();
  readonly #destroyed: DestroyedSockets;
  readonly #counts: SocketCounts;
  readonly #lookUps: SockDiag;
  #lookUpsLeft = MOST_LOOK_UPS;

  /**
   * `path` leads to the namespace with this inode; null for the one that we are in.
   * @throws when it is gone, or can't be entered.
   */
  static open(netns: number, path: string | null, inodes: SocketInodes): WatchedNamespace {
    const open = () => new WatchedNamespace(netns, inodes);
    return path === null ? open() : inNamespaceOfInode(netns, path, open);
  }

  private constructor(netns: number, inodes: SocketInodes) {
    this.netns = netns;
    this.sockets = new TrackedSockets(inodes, (message) => this.#hasMiniSocket(message));
    this.#destroyed = new DestroyedSockets();
    this.#lookUps = new SockDiag();
    this.#counts = new SocketCounts();
  }

  get overflows(): number {
    return this.#destroyed.overflows;
  }

  /** Begins a read, and tells which tables are to be dumped: those that have sockets. */
  beginRead(): readonly DiagTable[] {
    this.sockets.beginRead();
    this.whole.clear();
    this.#counts.read();
    return DIAG_TABLES.filter((table) => {
      const isEmpty = this.#counts.isEmpty(table);
      if (isEmpty) this.whole.add(table);
      return !isEmpty;
    });
  }

  drainDestroyed(take: TakeMessage): void {
    this.#lookUpsLeft = MOST_LOOK_UPS;
    this.#destroyed.drain(take);
  }

  #hasMiniSocket(message: InetDiagMessage): boolean | null {
    if (this.#lookUpsLeft === 0) return null;
    this.#lookUpsLeft -= 1;
    try {
      return this.#lookUps.hasMiniSocket(message);
    } catch (error) {
      if (error instanceof SystemCallError) return null;
      throw error;
    }
  }

  close(): void {
    this.#lookUps.close();
    this.#destroyed.close();
    this.#counts.close();
  }
}
