import { statSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { NamedNamespaces } from "../../linux/named-namespaces.js";
import { NetworkInterfaces } from "../../linux/network-interfaces.js";
import { procShowsInitialPids } from "../../linux/pid-namespace.js";
import type { Suspect } from "../../model/connection.js";
import type { ProcessDetails } from "../../model/process-details.js";
import type { Rung } from "../../model/rung.js";
import type { Owner, Sample } from "../../model/sample.js";
import type { LadderEntry } from "../ladder.js";
import type { NetworkCollector } from "../network-collector.js";
import { type NamespaceNames, nameNamespaces } from "./namespace-names.js";
import { ProcessCache } from "./process-cache.js";
import { processReaders } from "./process-reader.js";

/** Of the four threads of Node's pool two stay free for the walks, whatever holds up these reads. */
const READERS = 2;
/**
 * How long the first sample waits for what it asked for: nothing is on the screen yet, and `-n 1` has no second. No later
 * one waits.
 */
const FIRST_SAMPLE_MS = 200;

/** Names processes as soon as they are heard of, for those that do not live until the next sample. */
export type HearOwner = (owner: Owner) => void;

/**
 * A collector whose samples also tell what is known of processes and namespaces, and what passed the network devices. `open` starts the collector itself, and is
 * given what it may tell owners to before they are in a sample.
 */
export function openEnriched(
  pidOrigin: LadderEntry["pidOrigin"],
  open: (hear: HearOwner) => NetworkCollector,
): NetworkCollector {
  // By pids of elsewhere /proc would show other processes.
  const enrichment = new Enrichment(pidOrigin === "proc" || procShowsInitialPids() ? READERS : 0);
  const collector = open(({ pid }) => enrichment.processes.hearContext(pid));
  return new EnrichedCollector(collector, enrichment);
}

class EnrichedCollector implements NetworkCollector {
  readonly rung: Rung;
  readonly #collector: NetworkCollector;
  readonly #enrichment: Enrichment;
  readonly #interfaces = new NetworkInterfaces();
  #isFirst = true;

  constructor(collector: NetworkCollector, enrichment: Enrichment) {
    this.rung = collector.rung;
    this.#collector = collector;
    this.#enrichment = enrichment;
  }

  async sample(suspects: readonly Suspect[]): Promise<Sample> {
    const sample = await this.#read(suspects);
    const interfaces = this.#interfaces.read(performance.now());
    this.#enrichment.processes.beginSample();
    nameProcesses(sample, this.#enrichment.processes);
    if (this.#isFirst) await within(FIRST_SAMPLE_MS, this.#enrichment.processes.idle());
    this.#isFirst = false;
    return {
      ...sample,
      ...this.#enrichment.known(sample.timeMs),
      ...(interfaces === null ? {} : { interfaces }),
    };
  }

  close(): void {
    this.#collector.close();
  }

  /** Walks come first: nothing else is read meanwhile. */
  async #read(suspects: readonly Suspect[]): Promise<Sample> {
    this.#enrichment.processes.pause();
    try {
      return await this.#collector.sample(suspects);
    } finally {
      this.#enrichment.processes.resume();
    }
  }
}

/** What is known beside connections. */
class Enrichment {
  readonly processes: ProcessCache;
  readonly #given = new NamedNamespaces();
  readonly #shared = hostNamespaces();
  #names: NamespaceNames = new Map();
  #namedBy: readonly unknown[] = [];

  constructor(readers: number) {
    this.processes = new ProcessCache({
      readers: processReaders(readers),
      nowMs: () => performance.now(),
    });
  }

  known(nowMs: number): {
    readonly processes: ReadonlyMap<number, ProcessDetails>;
    readonly namespaces: NamespaceNames;
  } {
    const processes = this.processes.known();
    const given = this.#given.names(nowMs);
    if (this.#namedBy[0] !== processes || this.#namedBy[1] !== given) {
      this.#namedBy = [processes, given];
      this.#names = nameNamespaces(given, this.processes.readings(), this.#shared);
    }
    return { processes, namespaces: this.#names };
  }
}

/** Sockets and holders come process by process, so the one before is mostly the same: asking it is cheaper than any map. */
function nameProcesses(sample: Sample, processes: ProcessCache): void {
  let last = -1;
  for (const { pid, comm } of sample.holders ?? []) {
    if (pid !== last) processes.hearHolder(pid, comm);
    last = pid;
  }
  for (const readings of [sample.sockets, sample.opened, sample.closed, sample.lateOwners]) {
    for (const { owner } of readings) {
      if (owner === null || owner.pid === last) continue;
      processes.hearContext(owner.pid);
      last = owner.pid;
    }
  }
}

/** The network namespaces of tcptop and of process 1, as far as we may know. */
function hostNamespaces(): ReadonlySet<number> {
  const found = ["/proc/self", "/proc/1"].flatMap((process) => {
    try {
      return [statSync(`${process}/ns/net`).ino];
    } catch {
      return [];
    }
  });
  return new Set(found);
}

async function within(milliseconds: number, work: Promise<void>): Promise<void> {
  const patience = new AbortController();
  const { signal } = patience;
  await Promise.race([work, sleep(milliseconds, undefined, { signal }).catch(() => {})]);
  patience.abort();
}
