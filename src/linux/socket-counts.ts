import { closeSync, openSync, readSync } from "node:fs";

import type { DiagTable } from "./sock-diag-messages.js";

/** Long enough for either file; more of it is not needed. */
const BYTES = 512;

const LINES: Readonly<Record<"TCP" | "UDP" | "TCP6" | "UDP6", RegExp>> = {
  TCP: /^TCP: inuse (\d+)/m,
  UDP: /^UDP: inuse (\d+)/m,
  TCP6: /^TCP6: inuse (\d+)/m,
  UDP6: /^UDP6: inuse (\d+)/m,
};

/**
 * How many sockets a network namespace has, at next to no cost (/proc/net/sockstat): a dump goes through the hash table of
 * the whole host, also for a namespace without any. Mini-sockets are not counted.
 */
export class SocketCounts {
  readonly #fds: readonly number[];
  readonly #buffer = Buffer.allocUnsafe(BYTES);
  #text = "";

  /** Of the namespace that this thread is in. */
  constructor() {
    this.#fds = ["sockstat", "sockstat6"].flatMap((file) => openOrNone(`/proc/thread-self/net/${file}`));
  }

  /** Reads the counts once. */
  read(): void {
    this.#text = this.#fds.map((fd) => this.#readOne(fd)).join("\n");
  }

  /** Whether the last read found no sockets that a dump would tell of; false where that is not known. */
  isEmpty(table: DiagTable): boolean {
    if (table === "tcp") return this.#isZero("TCP") && (this.#isZero("TCP6") || !this.#has("TCP6"));
    return this.#isZero(table === "udp" ? "UDP" : "UDP6");
  }

  close(): void {
    for (const fd of this.#fds) closeSync(fd);
  }

  #isZero(name: keyof typeof LINES): boolean {
    return LINES[name].exec(this.#text)?.[1] === "0";
  }

  /** A kernel without IPv6 has no second file. */
  #has(name: keyof typeof LINES): boolean {
    return LINES[name].test(this.#text);
  }

  #readOne(fd: number): string {
    try {
      return this.#buffer.toString("latin1", 0, readSync(fd, this.#buffer, 0, BYTES, 0));
    } catch {
      return "";
    }
  }
}

function openOrNone(path: string): readonly number[] {
  try {
    return [openSync(path, "r")];
  } catch {
    return [];
  }
}
