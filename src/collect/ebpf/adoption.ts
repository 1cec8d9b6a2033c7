import { type ChildProcess, spawn } from "node:child_process";
import { closeSync } from "node:fs";

import type { Iterator } from "../../linux/bpf-object.js";
import { findNetworkNamespaces, inNetworkNamespace } from "../../linux/network-namespaces.js";
import { countSockets } from "../../linux/proc-net.js";
import type { Stall } from "../../model/sample.js";

/** Readers at the same time, and how many namespaces each takes: a POSIX shell knows descriptors of one digit only. */
const PARALLEL = 4;
const FIRST_FD = 3;
const NAMESPACES_PER_READER = 7;
/**
 * The shell itself reads, a copy of it for each namespace, so that one that hangs does not hold up the others: to start a
 * program for each would cost tcptop 1 ms.
 */
const READ_EACH = 'for fd do read -r nothing <&"$fd" & done; wait';
/** What is normal for one reader on a host with many sockets; longer, and a socket is held locked. */
const PATIENCE_MS = 1000;

/**
 * Gives the sockets that are older than tcptop their notes, namespace by namespace, once.
 *
 * The iterator waits for any process that holds a socket locked, uninterruptibly and for as long as that takes (a
 * send() whose buffer is in a page that a fault is still bringing in), and a process with a thread in that wait cannot
 * end. So another process waits: reading a descriptor to its end is all there is to do.
 */
export class Adoption {
  readonly #iterator: Iterator;
  /** With the time when each was started. */
  readonly #running = new Map<ChildProcess, number>();
  readonly #waiting: string[];
  #whenDone: (() => void) | undefined;
  /** Resolves when every namespace has been read. */
  readonly done: Promise<void>;

  constructor(iterator: Iterator) {
    this.#iterator = iterator;
    this.#waiting = [...findNetworkNamespaces().values()];
    this.done = new Promise((resolve) => {
      this.#whenDone = resolve;
    });
  }

  start(): void {
    this.#startNext();
  }

  /** What is said of it on the screen when a reader takes too long. */
  stall(nowMs: number): Stall | null {
    const sinceMs = Math.min(...this.#running.values());
    if (nowMs - sinceMs < PATIENCE_MS || this.#running.size === 0) return null;
    return {
      what: "a process keeps a socket locked; older sockets without a process may be missing",
      sinceMs,
    };
  }

  /** Leaves readers that wait for a lock to end by themselves, as soon as the lock is let go. */
  close(): void {
    this.#waiting.length = 0;
    for (const reader of this.#running.keys()) reader.kill("SIGKILL");
    this.#running.clear();
  }

  #startNext(): void {
    while (this.#running.size < PARALLEL && this.#waiting.length > 0) {
      this.#read(this.#waiting.splice(0, NAMESPACES_PER_READER));
    }
    if (this.#running.size === 0) this.#whenDone?.();
  }

  #read(namespaces: readonly string[]): void {
    const fds = namespaces.map((namespace) => this.#open(namespace)).filter((fd) => fd !== null);
    if (fds.length === 0) return;
    const reader = startReader(fds);
    if (reader === null) return;
    reader.unref();
    this.#running.set(reader, Date.now());
    const finish = () => {
      if (this.#running.delete(reader)) this.#startNext();
    };
    reader.once("exit", finish);
    reader.once("error", finish);
  }

  /**
   * Null for a namespace that is gone by now, or not ours to enter: its sockets are met by the walk over files. And for one
   * without TCP sockets: to see that it has none, the kernel would go through the hash table of the whole host (4 ms).
   */
  #open(namespace: string): number | null {
    try {
      return inNetworkNamespace(namespace, () => (hasTcpSockets() ? this.#iterator.open() : null));
    } catch {
      return null;
    }
  }
}

/** Of the namespace that this thread is in; also where it can't be told. Without IPv6 there is no count of TCP over it. */
function hasTcpSockets(): boolean {
  const here = "/proc/thread-self/net";
  return countSockets(here, "tcp") !== 0 || (countSockets(here, "tcp6") ?? 0) !== 0;
}

/** A process that reads each of `fds`, which are closed here, to its end; null when this host can't start one more. */
function startReader(fds: readonly number[]): ChildProcess | null {
  const places = fds.map((_, index) => `${FIRST_FD + index}`);
  try {
    return spawn("sh", ["-c", READ_EACH, "sh", ...places], { stdio: ["ignore", "ignore", "ignore", ...fds] });
  } catch {
    return null;
  } finally {
    for (const fd of fds) closeSync(fd);
  }
}
