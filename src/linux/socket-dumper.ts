import { closeSync } from "node:fs";

import { awaitMessage, openSocket, SystemCallError, sendMessage } from "./libc.js";
import { memoryOf } from "./netlink-stream.js";
import { inNamespaceOfInode } from "./network-namespaces.js";
import { type DiagTable, dumpRequest, errorMessage, NLMSG_DONE, NLMSG_ERROR } from "./sock-diag-messages.js";

const AF_NETLINK = 16;
const SOCK_RAW_CLOEXEC = 3 | 0o2000000;
const NETLINK_SOCK_DIAG = 4;
const ENOENT = 2;
/** The kernel fills at most 32 KiB for each receive call. */
const PIECE_BYTES = 64 * 1024;

/** What a dump process is told to do, one line of JSON each. */
export type DumpCommand =
  /** Opens a socket in a namespace: that at `path`, or, with null, the one that the process is in. */
  | { readonly do: "open"; readonly netns: number; readonly path: string | null }
  | { readonly do: "dump"; readonly netns: number; readonly table: DiagTable; readonly sequence: number }
  | { readonly do: "let go"; readonly netns: number };

/** Dumps the sockets of namespaces, one after the other, waiting for the kernel as long as that takes. */
export class SocketDumper {
  readonly #write: (bytes: Uint8Array) => void;
  readonly #fds = new Map<number, number>();
  readonly #piece = memoryOf(Buffer.alloc(PIECE_BYTES));

  /** `write` is given netlink messages: of each dump those of the kernel up to the last, which says done, or why not. */
  constructor(write: (bytes: Uint8Array) => void) {
    this.#write = write;
  }

  obey(command: DumpCommand): void {
    switch (command.do) {
      case "open":
        this.#open(command.netns, command.path);
        break;
      case "dump":
        this.#dump(command.netns, command.table, command.sequence);
        break;
      case "let go":
        this.#letGo(command.netns);
        break;
    }
  }

  close(): void {
    for (const netns of [...this.#fds.keys()]) this.#letGo(netns);
  }

  /** One that is gone by now is noticed by the dumps that fail. */
  #open(netns: number, path: string | null): void {
    this.#letGo(netns);
    const open = () => openSocket(AF_NETLINK, SOCK_RAW_CLOEXEC, NETLINK_SOCK_DIAG);
    try {
      this.#fds.set(netns, path === null ? open() : inNamespaceOfInode(netns, path, open));
    } catch {
      this.#fds.delete(netns);
    }
  }

  #dump(netns: number, table: DiagTable, sequence: number): void {
    const fd = this.#fds.get(netns);
    if (fd === undefined) {
      this.#write(errorMessage(sequence, ENOENT));
      return;
    }
    try {
      sendMessage(fd, dumpRequest(table, sequence));
      this.#passOn(fd);
    } catch (error) {
      if (!(error instanceof SystemCallError)) throw error;
      this.#write(errorMessage(sequence, error.errno));
    }
  }

  #passOn(fd: number): void {
    let isOver = false;
    while (!isOver) {
      const length = awaitMessage(fd, this.#piece.bytes);
      isOver = hasLast(this.#piece.view, length);
      this.#write(this.#piece.bytes.subarray(0, length));
    }
  }

  #letGo(netns: number): void {
    const fd = this.#fds.get(netns);
    if (fd === undefined) return;
    this.#fds.delete(netns);
    closeSync(fd);
  }
}

/** Whether the last message of a dump is among these. */
function hasLast(view: DataView, end: number): boolean {
  let at = 0;
  while (at + 8 <= end) {
    const type = view.getUint16(at + 4, true);
    if (type === NLMSG_DONE || type === NLMSG_ERROR) return true;
    at += (view.getUint32(at, true) + 3) & ~3;
  }
  return false;
}
