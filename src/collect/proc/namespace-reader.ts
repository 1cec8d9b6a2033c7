import { monotonicNs } from "../../linux/clock.js";
import type { SocketTableName, SocketTableRow } from "../../linux/proc-net.js";
import { Pace } from "../../linux/proc-pace.js";
import { findNamespacesOfProcesses } from "../../linux/proc-processes.js";
import type { ClosedReading, SocketReading, Stall } from "../../model/sample.js";
import { NamespaceConnections } from "./namespace-connections.js";
import { readNamespaceTables } from "./namespace-tables.js";
import { closedReadingOf, readingOfRow } from "./proc-readings.js";
import type { SocketInodes } from "./socket-inodes.js";

const PROTOCOLS = ["tcp", "udp"] as const;
const TABLES: Readonly<Record<(typeof PROTOCOLS)[number], readonly SocketTableName[]>> = {
  tcp: ["tcp", "tcp6"],
  udp: ["udp", "udp6"],
};

/** What the tables of the namespaces told. */
export interface NamespaceReadings {
  readonly sockets: readonly SocketReading[];
  readonly closed: readonly ClosedReading[];
  /** Why namespaces are missing, if some are. */
  readonly stalled: Stall | null;
}

interface Gathering {
  readonly sockets: SocketReading[];
  readonly closed: ClosedReading[];
}

interface KnownNamespace {
  readonly tcp: NamespaceConnections;
  readonly udp: NamespaceConnections;
  /** When it was read last, or found, as wall clock in ms since the epoch. */
  readonly sinceMs: number;
}

/** Reads the namespaces in turn, as many as there is time for: each costs a walk through the hash table of the whole host. */
export class NamespaceReader {
  readonly #procFolder: string;
  readonly #inodes: SocketInodes;
  readonly #budgetMs: number;
  /** By inode of the namespace, those read longest ago first. */
  readonly #known = new Map<number, KnownNamespace>();
  #lastCookie = 0;

  /** `budgetMs`: after which time no further namespace is begun. `inodes` is kept up to date. */
  constructor(procFolder: string, inodes: SocketInodes, budgetMs: number) {
    this.#procFolder = procFolder;
    this.#inodes = inodes;
    this.#budgetMs = budgetMs;
  }

  /** `pids` are those of all processes: each is a way into its namespace. */
  async read(pids: readonly number[]): Promise<NamespaceReadings> {
    const pace = new Pace();
    const gathering: Gathering = { sockets: [], closed: [] };
    const found = await findNamespacesOfProcesses(this.#procFolder, pids, pace);
    for (const netns of found.keys()) this.#know(netns);
    const untilMs = performance.now() + this.#budgetMs;
    let read = 0;
    const line = [...this.#known];
    for (const [netns, namespace] of line) {
      await this.#readOne(netns, namespace, found.get(netns), gathering);
      read += 1;
      if (pace.isOver()) await pace.rest();
      if (performance.now() >= untilMs) break;
    }
    const waiting = line.slice(read).map(([, namespace]) => namespace);
    return { ...gathering, stalled: stallOf(waiting) };
  }

  async #readOne(
    netns: number,
    namespace: KnownNamespace,
    processFolders: readonly string[] | undefined,
    gathering: Gathering,
  ): Promise<void> {
    // To the end of the line.
    this.#known.delete(netns);
    this.#known.set(netns, { ...namespace, sinceMs: Date.now() });
    for (const proto of PROTOCOLS) {
      const connections = namespace[proto];
      connections.beginRead();
      // Where nobody is any more, what sockets there are left are out of sight.
      const isWhole =
        processFolders === undefined ||
        (await readNamespaceTables({ netns, processFolders, tables: TABLES[proto] }, (rows) =>
          gather(rows, netns, connections, gathering),
        ));
      if (isWhole) gatherEnds(netns, connections, gathering);
    }
    const isEmpty = namespace.tcp.isEmpty && namespace.udp.isEmpty;
    if (processFolders === undefined && isEmpty) this.#known.delete(netns);
  }

  #know(netns: number): void {
    if (this.#known.has(netns)) return;
    const nextCookie = () => {
      this.#lastCookie += 1;
      return this.#lastCookie;
    };
    this.#known.set(netns, {
      tcp: new NamespaceConnections("tcp", nextCookie, this.#inodes),
      udp: new NamespaceConnections("udp", nextCookie, this.#inodes),
      sinceMs: Date.now(),
    });
  }
}

function stallOf(waiting: readonly KnownNamespace[]): Stall | null {
  const [longest] = waiting;
  if (longest === undefined) return null;
  return { what: `${waiting.length} network namespaces wait to be read`, sinceMs: longest.sinceMs };
}

function gather(
  rows: readonly SocketTableRow[],
  netns: number,
  connections: NamespaceConnections,
  { sockets }: Gathering,
): void {
  const readNs = monotonicNs();
  for (const row of rows) {
    const connection = connections.take(row);
    if (connection !== null) sockets.push(readingOfRow(connection, row, netns, readNs));
  }
}

function gatherEnds(netns: number, connections: NamespaceConnections, { closed }: Gathering): void {
  const readNs = monotonicNs();
  for (const ended of connections.endRead()) closed.push(closedReadingOf(ended, netns, readNs));
}
