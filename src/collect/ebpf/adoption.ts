import { type ChildProcess, spawn } from "node:child_process";
import { closeSync } from "node:fs";

import type { Iterator } from "../../linux/bpf-object.js";
import { findNetworkNamespaces, inNetworkNamespace } from "../../linux/network-namespaces.js";
import { countSockets } from "../../linux/proc-net.js";
import type { ConnectionKey, SocketReading, Stall } from "../../model/sample.js";

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
/** More than can be met: what can't be counted is read. */
const UNKNOWN_COUNT = Number.POSITIVE_INFINITY;

/**
 * Gives the sockets that are older than tcptop and that no process has open their notes, namespace by namespace, once: the
 * walk over files gives the others theirs. So it is of use only where there are more sockets than that walk met.
 *
 * The iterator waits for any process that holds a socket locked, uninterruptibly and for as long as that takes (a
 * send() whose buffer is in a page that a fault is still bringing in), and a process with a thread in that wait cannot
 * end. So another process waits: reading a descriptor to its end is all there is to do. And for each namespace the kernel
 * goes through the hash table of the whole host: 4 ms, 2 s for 500.
 */
export class Adoption {
  readonly #iterator: Iterator;
  /** With the time when each was started. */
  readonly #running = new Map<ChildProcess, number>();
  #counted: readonly CountedNamespace[] = [];
  #waiting: string[] = [];
  #whenDone: (() => void) | undefined;
  /** Resolves when every namespace has been read. */
  readonly done: Promise<void>;

  constructor(iterator: Iterator) {
    this.#iterator = iterator;
    this.done = new Promise((resolve) => {
      this.#whenDone = resolve;
    });
  }

  /** To be called before the first walk: what opens later has its note from the start. */
  countSockets(): void {
    this.#counted = [...findNetworkNamespaces()].map(([netns, path]) => ({
      netns,
      path,
      sockets: countTcpSockets(path),
    }));
  }

  /** Starts to read where there are more sockets than the first walk met, and tells whether there is anything to read. */
  start(walked: readonly SocketReading[]): boolean {
    const met = countOlder(walked);
    const lacking = this.#counted.filter(({ netns, sockets }) => sockets > (met.get(netns) ?? 0));
    this.#waiting = lacking.map(({ path }) => path);
    this.#counted = [];
    this.#startNext();
    return this.#running.size > 0;
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
    this.#waiting = [];
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

  /** Null for a namespace that is gone by now, or not ours to enter: its sockets are met by the walk over files. */
  #open(namespace: string): number | null {
    try {
      return inNetworkNamespace(namespace, () => this.#iterator.open());
    } catch {
      return null;
    }
  }
}

interface CountedNamespace {
  readonly netns: number;
  readonly path: string;
  readonly sockets: number;
}

/** All that are in a state of their own, listening or held by nobody, too; not mini-sockets. 0 where it can't be entered. */
function countTcpSockets(namespace: string): number {
  const here = "/proc/thread-self/net";
  try {
    return inNetworkNamespace(namespace, () => {
      // Without IPv6 there is no count of TCP over it.
      return (countSockets(here, "tcp") ?? UNKNOWN_COUNT) + (countSockets(here, "tcp6") ?? 0);
    });
  } catch {
    return 0;
  }
}

/** TCP sockets that are older than tcptop, by namespace. A walk can meet one twice. */
function countOlder(walked: readonly SocketReading[]): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  const seen = new Set<ConnectionKey>();
  for (const { proto, cookie, openedNs, netns } of walked) {
    if (proto !== "tcp" || openedNs !== null || seen.has(cookie)) continue;
    seen.add(cookie);
    counts.set(netns, (counts.get(netns) ?? 0) + 1);
  }
  return counts;
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
