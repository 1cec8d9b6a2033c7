import { accessSync, constants } from "node:fs";

import { monotonicNs } from "../../linux/clock.js";
import type { SocketHolder } from "../../linux/proc-fd.js";
import { listProcesses } from "../../linux/proc-processes.js";
import { TcptopError } from "../../model/error.js";
import type { Rung } from "../../model/rung.js";
import type { Holder, Sample } from "../../model/sample.js";
import type { NetworkCollector } from "../network-collector.js";
import { HolderSearch } from "./holder-search.js";
import { NamespaceReader } from "./namespace-reader.js";
import { SocketInodes } from "./socket-inodes.js";

/** How long a sample may take: with what is asked of its processes, below the second after which nothing seems to answer. */
const SAMPLE_MS = 700;
const TABLES_MS = 400;
/** What the search for holders has when the tables took all the time. */
const LEAST_HOLDERS_MS = 100;

export interface ProcCollectorOptions {
  /** Where the proc file system is mounted. */
  readonly procFolder?: string;
  /** How long a sample may take, and its tables alone. */
  readonly sampleMs?: number;
  readonly tablesMs?: number;
}

/**
 * Collects TCP and UDP from the socket tables under /proc and the descriptors of the processes: on any Linux, without any privilege,
 * for want of something better. Tables have neither bytes nor times, and no names for sockets: cookies are tcptop's own.
 */
export class ProcCollector implements NetworkCollector {
  readonly rung: Rung = "proc";
  readonly #procFolder: string;
  readonly #sampleMs: number;
  readonly #namespaces: NamespaceReader;
  readonly #holderSearch: HolderSearch;
  readonly #inodes = new SocketInodes();
  #closed = false;

  /** @throws TcptopError `unavailable` where there is no table to read. */
  static open(options: ProcCollectorOptions = {}): ProcCollector {
    const procFolder = options.procFolder ?? "/proc";
    const table = `${procFolder}/self/net/tcp`;
    try {
      accessSync(table, constants.R_OK);
    } catch (cause) {
      throw new TcptopError("unavailable", `can't read ${table}`, "mount the proc file system", { cause });
    }
    return new ProcCollector({ sampleMs: SAMPLE_MS, tablesMs: TABLES_MS, ...options, procFolder });
  }

  private constructor({ procFolder, sampleMs, tablesMs }: Required<ProcCollectorOptions>) {
    this.#procFolder = procFolder;
    this.#sampleMs = sampleMs;
    this.#namespaces = new NamespaceReader(procFolder, this.#inodes, tablesMs);
    this.#holderSearch = new HolderSearch(procFolder, (inode) => this.#inodes.has(inode));
  }

  /** No connection is looked up: whatever is in no table has been reported as closed. */
  async sample(): Promise<Sample> {
    const startMs = performance.now();
    const pids = await listProcesses(this.#procFolder);
    const { sockets, closed, stalled } = await this.#namespaces.read(pids);
    const leftMs = this.#sampleMs - (performance.now() - startMs);
    const found = await this.#holderSearch.find(pids, Math.max(LEAST_HOLDERS_MS, leftMs));
    if (this.#closed) throw new TcptopError("failed", "the collector was closed during a sample", "");
    return {
      timeMs: Date.now(),
      readNs: monotonicNs(),
      sockets,
      opened: [],
      closed,
      lateOwners: [],
      holders: found === null ? null : found.flatMap((holder) => this.#holdersOf(holder)),
      gone: [],
      folded: { connections: 0, txBytes: 0, rxBytes: 0, retransBytes: 0 },
      missedEvents: 0,
      uncounted: ["tcp", "udp"],
      stalled,
    };
  }

  close(): void {
    this.#closed = true;
    this.#holderSearch.close();
  }

  #holdersOf({ inode, pid, comm }: SocketHolder): readonly Holder[] {
    return this.#inodes.cookiesOf(inode).map((cookie) => ({ cookie, pid, comm }));
  }
}
