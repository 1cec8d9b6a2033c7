import { type ChildProcess, spawn } from "node:child_process";
import { closeSync } from "node:fs";

import type { Iterator } from "../../linux/bpf-object.js";
import { findNetworkNamespaces, inNetworkNamespace } from "../../linux/network-namespaces.js";
import type { Stall } from "../../model/sample.js";

/** Namespaces read at the same time. */
const PARALLEL = 4;
/** What is normal for a host with many sockets; longer, and a socket is held locked. */
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
  readonly #running = new Set<ChildProcess>();
  readonly #waiting: string[];
  #startedMs = 0;
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

  start(nowMs: number): void {
    this.#startedMs = nowMs;
    this.#startNext();
  }

  /** What is said of it on the screen when it takes too long. */
  stall(nowMs: number): Stall | null {
    if (this.#running.size === 0 || nowMs - this.#startedMs < PATIENCE_MS) return null;
    return {
      what: "a process keeps a socket locked; older sockets without a process may be missing",
      sinceMs: this.#startedMs,
    };
  }

  /** Leaves readers that wait for a lock to end by themselves, as soon as the lock is let go. */
  close(): void {
    this.#waiting.length = 0;
    for (const reader of this.#running) reader.kill("SIGKILL");
    this.#running.clear();
  }

  #startNext(): void {
    while (this.#running.size < PARALLEL) {
      const namespace = this.#waiting.shift();
      if (namespace === undefined) break;
      this.#read(namespace);
    }
    if (this.#running.size === 0) this.#whenDone?.();
  }

  #read(namespace: string): void {
    const fd = this.#open(namespace);
    if (fd === null) return;
    const reader = startReader(fd);
    if (reader === null) return;
    reader.unref();
    this.#running.add(reader);
    const finish = () => {
      if (this.#running.delete(reader)) this.#startNext();
    };
    reader.once("exit", finish);
    reader.once("error", finish);
  }

  /** Null for a namespace that is gone by now, or not ours to enter: its sockets are met by the walk over files. */
  #open(namespace: string): number | null {
    try {
      return inNetworkNamespace(namespace, () => this.#iterator.open());
    } catch {
      return null;
    }
  }
}

/** A process that reads `fd`, which is closed here, to its end; null when this host can't start one more. */
function startReader(fd: number): ChildProcess | null {
  try {
    return spawn("cat", { stdio: [fd, "ignore", "ignore"] });
  } catch {
    return null;
  } finally {
    closeSync(fd);
  }
}
