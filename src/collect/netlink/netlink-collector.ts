import { setTimeout as sleep } from "node:timers/promises";

import { has, readPrivileges } from "../../linux/capabilities.js";
import { monotonicNs } from "../../linux/clock.js";
import { InetDiagMessage } from "../../linux/inet-diag-message.js";
import { memoryOf } from "../../linux/netlink-stream.js";
import { canEnterNamespaces } from "../../linux/network-namespaces.js";
import { isInUserNamespace } from "../../linux/own-namespaces.js";
import type { SocketHolder } from "../../linux/proc-fd.js";
import { listProcesses } from "../../linux/proc-processes.js";
import type { RecordMemory } from "../../linux/record-memory.js";
import { SockDiag } from "../../linux/sock-diag.js";
import { type DumpRequest, SocketDumps } from "../../linux/socket-dumps.js";
import { type Remedy, TcptopError } from "../../model/error.js";
import type { ClosedReading, Holder, Sample, SocketReading, Stall } from "../../model/sample.js";
import type { NetworkCollector } from "../network-collector.js";
import { HolderSearch } from "../proc/holder-search.js";
import { SocketInodes } from "../proc/socket-inodes.js";
import type { ReadContext } from "./diag-readings.js";
import type { WatchedNamespace } from "./watched-namespace.js";
import { WatchedNamespaces } from "./watched-namespaces.js";

/** With privileges, for the whole host; without any, for one's own network namespace. */
export type NetlinkRung = "netlink" | "user";

/** Between two looks for destroyed sockets: what the kernel keeps of them until then is bounded. */
const DRAIN_MS = 50;
/** When the kernel has said nothing for so long, a socket is locked. */
const PATIENCE_MS = 700;
const HOLDERS_MS = 400;
/** Who holds which socket is looked for when there are new ones, and at least so often. */
const HOLDERS_EVERY_MS = 5_000;

/**
 * Collects without eBPF, by what `ss` uses, sock_diag(7): dumps of all sockets with the kernel's own counters, and the last word on
 * each that it frees. Who holds them is read from /proc.
 */
export class NetlinkCollector implements NetworkCollector {
  readonly rung: NetlinkRung;
  readonly #dumps: SocketDumps;
  readonly #inodes = new SocketInodes();
  readonly #namespaces: WatchedNamespaces;
  readonly #holderSearch = new HolderSearch("/proc", (inode) => this.#inodes.has(inode));
  readonly #message = new InetDiagMessage(memoryOf(Buffer.alloc(0)));
  readonly #drainTimer: NodeJS.Timeout;
  /** Ends that came during a read: what is on its way from the dumps is older. */
  readonly #heldBack: { readonly namespace: WatchedNamespace; readonly bytes: Buffer }[] = [];
  #piece: RecordMemory | null = null;
  #context: ReadContext = { netns: 0, readNs: 0 };
  #sockets: SocketReading[] = [];
  #ended: ClosedReading[] = [];
  #round: Promise<void> | null = null;
  #leaving: readonly WatchedNamespace[] = [];
  #searchedMs = Number.NEGATIVE_INFINITY;
  #inodesSearched = 0;
  #closed = false;

  /**
   * `tell` is told, in a line, what else is missing here.
   * @throws TcptopError `unavailable` when the kernel, or this process's privileges, don't allow it.
   */
  static open(rung: NetlinkRung, tell: (line: string) => void = () => undefined): NetlinkCollector {
    refuseWithoutDiag(tell);
    if (rung === "netlink" && !canEnterNamespaces()) {
      throw unprivileged();
    }
    const dumps = new SocketDumps();
    try {
      return new NetlinkCollector(rung, dumps);
    } catch (error) {
      dumps.close();
      throw error;
    }
  }

  private constructor(rung: NetlinkRung, dumps: SocketDumps) {
    this.rung = rung;
    this.#dumps = dumps;
    this.#namespaces = new WatchedNamespaces(rung === "netlink" ? "all" : "own", dumps, this.#inodes);
    this.#drainTimer = setInterval(() => this.#drain(), DRAIN_MS);
    this.#drainTimer.unref();
  }

  /** No connection is looked up: whatever is in no dump has been reported as closed. */
  async sample(): Promise<Sample> {
    await this.#dumps.ready;
    const pids = await listProcesses("/proc");
    this.#round ??= this.#startRound(pids);
    const stalled = await this.#waitFor(this.#round);
    const holders = await this.#findHolders(pids);
    if (this.#closed) throw new TcptopError("failed", "the collector was closed during a sample", "");
    this.#hearHeldBack();
    if (stalled === null) this.#finishRound();
    const [sockets, closed] = [this.#sockets, this.#ended];
    this.#sockets = [];
    this.#ended = [];
    return {
      timeMs: Date.now(),
      readNs: monotonicNs(),
      sockets,
      opened: [],
      closed,
      lateOwners: [],
      holders,
      gone: [],
      folded: { connections: 0, txBytes: 0, rxBytes: 0, retransBytes: 0 },
      missedEvents: this.#namespaces.overflows,
      uncounted: ["udp"],
      stalled,
    };
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearInterval(this.#drainTimer);
    this.#holderSearch.close();
    this.#namespaces.close();
    this.#dumps.close();
  }

  /** Asks for the tables of all namespaces. A round that waits for a locked socket goes on over several samples. */
  #startRound(pids: readonly number[]): Promise<void> {
    this.#leaving = this.#namespaces.refresh(pids);
    const requests: DumpRequest[] = [];
    for (const namespace of this.#namespaces) {
      for (const table of namespace.beginRead()) requests.push({ netns: namespace.netns, table });
    }
    return this.#dumps.read(requests, {
      take: (request, memory, at, length) => this.#take(request, memory, at, length),
      end: ({ netns, table }, isWhole) => {
        if (isWhole) this.#namespaces.get(netns)?.whole.add(table);
      },
    });
  }

  /** Null when the round is over; else why it is not. */
  async #waitFor(round: Promise<void>): Promise<Stall | null> {
    let isOver = false;
    const over = round.then(() => {
      isOver = true;
    });
    while (this.#dumps.silentMs < PATIENCE_MS) {
      const patience = new AbortController();
      const { signal } = patience;
      await Promise.race([
        over,
        sleep(PATIENCE_MS - this.#dumps.silentMs, null, { signal }).catch(() => null),
      ]);
      patience.abort();
      if (isOver) return null;
    }
    return {
      what: "a process keeps a socket locked; what the kernel was asked for after it is missing",
      sinceMs: Date.now() - this.#dumps.silentMs,
    };
  }

  /** What has been on its way since a stalled read began may still tell of these sockets: the table knows that they are over. */
  #hearHeldBack(): void {
    this.#drain();
    for (const { namespace, bytes } of this.#heldBack) this.#end(namespace, memoryOf(bytes), 0, bytes.length);
    this.#heldBack.length = 0;
  }

  #finishRound(): void {
    this.#round = null;
    const readNs = monotonicNs();
    for (const namespace of this.#namespaces) {
      const { netns, sockets, whole } = namespace;
      for (const closed of sockets.endRead(whole, { netns, readNs })) this.#ended.push(closed);
    }
    for (const namespace of this.#leaving) {
      const { netns, sockets } = namespace;
      for (const closed of sockets.endAll({ netns, readNs })) this.#ended.push(closed);
      this.#namespaces.letGo(namespace);
    }
    this.#leaving = [];
  }

  #take({ netns, table }: DumpRequest, memory: RecordMemory, at: number, length: number): void {
    const namespace = this.#namespaces.get(netns);
    if (namespace === undefined || !this.#message.moveTo(memory, at, length)) return;
    const reading = namespace.sockets.take(this.#message, table, this.#contextOf(netns, memory));
    if (reading !== null) this.#sockets.push(reading);
  }

  /** The same for all messages of a piece, which came at once: a clock read for each costs more than the rest of it. */
  #contextOf(netns: number, memory: RecordMemory): ReadContext {
    if (this.#piece !== memory || this.#context.netns !== netns) {
      this.#piece = memory;
      this.#context = { netns, readNs: monotonicNs() };
    }
    return this.#context;
  }

  #drain(): void {
    for (const namespace of this.#namespaces) {
      namespace.drainDestroyed((memory, at, length) => {
        if (this.#round === null) this.#end(namespace, memory, at, length);
        else this.#heldBack.push({ namespace, bytes: Buffer.from(memory.bytes.subarray(at, at + length)) });
      });
    }
  }

  #end({ netns, sockets }: WatchedNamespace, memory: RecordMemory, at: number, length: number): void {
    if (!this.#message.moveTo(memory, at, length)) return;
    const closed = sockets.end(this.#message, { netns, readNs: monotonicNs() });
    if (closed !== null) this.#ended.push(closed);
  }

  /** Null when nobody was asked this time. */
  async #findHolders(pids: readonly number[]): Promise<readonly Holder[] | null> {
    const isDue = performance.now() - this.#searchedMs >= HOLDERS_EVERY_MS;
    if (!isDue && this.#inodesSearched === this.#inodes.added) return null;
    const added = this.#inodes.added;
    const found = await this.#holderSearch.find(pids, HOLDERS_MS);
    if (found === null) return null;
    this.#searchedMs = performance.now();
    this.#inodesSearched = added;
    return found.flatMap((holder) => this.#holdersOf(holder));
  }

  #holdersOf({ inode, pid, comm }: SocketHolder): readonly Holder[] {
    return this.#inodes.cookiesOf(inode).map((cookie) => ({ cookie, pid, comm }));
  }
}

/** Both are modules that may not be there; the kernel loads them when it is asked, if it can. */
function refuseWithoutDiag(tell: (line: string) => void): void {
  const netlink = new SockDiag();
  try {
    if (!netlink.isSupported("tcp")) {
      throw new TcptopError(
        "unavailable",
        "this kernel does not tell of its TCP sockets by netlink",
        "`modprobe tcp_diag` (CONFIG_INET_TCP_DIAG)",
      );
    }
    if (!netlink.isSupported("udp")) {
      tell("UDP sockets are not shown: `modprobe udp_diag` (CONFIG_INET_UDP_DIAG)");
    }
  } finally {
    netlink.close();
  }
}

function unprivileged(): TcptopError {
  const refusal = (why: string, mend: string, remedy: Remedy) =>
    new TcptopError("unavailable", why, mend, { remedy });
  if (isInUserNamespace()) {
    const why = "in a user namespace: its capabilities do not count for network namespaces of the host";
    return refusal(why, "run tcptop as root of the host", "privilege");
  }
  if (has(readPrivileges().effective, "CAP_SYS_ADMIN")) {
    return refusal(
      "a security policy of this host (seccomp, or a security module) refuses setns(2)",
      "",
      "policy",
    );
  }
  const mend = "run tcptop as root, or with CAP_SYS_ADMIN and CAP_SYS_PTRACE";
  return refusal("not privileged to enter network namespaces", mend, "privilege");
}
