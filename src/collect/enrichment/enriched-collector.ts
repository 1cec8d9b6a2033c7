import { statSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { monotonicNs } from "../../linux/clock.js";
import { readDeviceNames } from "../../linux/device-names.js";
import { NamedNamespaces } from "../../linux/named-namespaces.js";
import { type InterfaceCounters, NetworkInterfaces } from "../../linux/network-interfaces.js";
import { procShowsInitialPids } from "../../linux/pid-namespace.js";
import { deviceIndex, type Suspect } from "../../model/connection.js";
import type { ProcessDetails } from "../../model/process-details.js";
import type { Rung } from "../../model/rung.js";
import type { Owner, Sample } from "../../model/sample.js";
import type { LadderEntry } from "../ladder.js";
import type { NetworkCollector } from "../network-collector.js";
import { DeviceNames, type KnownDevices } from "./device-names.js";
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
/** In how many network namespaces devices are looked up for a sample (some 30 us each), and for the first. */
const DEVICE_LOOK_UPS = 32;
const FIRST_DEVICE_LOOK_UPS = 1024;

/** Names processes as soon as they are heard of, for those that do not live until the next sample. */
export type HearOwner = (owner: Owner) => void;

/**
 * A collector whose samples also tell what is known of processes, namespaces and network devices. `open` starts the collector itself, and is
 * given what it may tell owners to before they are in a sample.
 */
export function openEnriched(
  pidOrigin: LadderEntry["pidOrigin"],
  open: (hear: HearOwner) => NetworkCollector,
  firstSampleMs = FIRST_SAMPLE_MS,
): NetworkCollector {
  // By pids of elsewhere /proc would show other processes.
  const enrichment = new Enrichment(pidOrigin === "proc" || procShowsInitialPids() ? READERS : 0);
  const collector = open(({ pid }) => enrichment.processes.hearContext(pid));
  return new EnrichedCollector(collector, enrichment, firstSampleMs);
}

class EnrichedCollector implements NetworkCollector {
  readonly rung: Rung;
  readonly #collector: NetworkCollector;
  readonly #enrichment: Enrichment;
  readonly #firstSampleMs: number;
  readonly #interfaces = new NetworkInterfaces();
  #isFirst = true;

  constructor(collector: NetworkCollector, enrichment: Enrichment, firstSampleMs: number) {
    this.rung = collector.rung;
    this.#collector = collector;
    this.#enrichment = enrichment;
    this.#firstSampleMs = firstSampleMs;
  }

  async sample(suspects: readonly Suspect[]): Promise<Sample> {
    const sample = await this.#read(suspects);
    const interfaces = this.#interfaces.read(performance.now());
    const interfacesReadNs = monotonicNs();
    this.#enrichment.beginSample(sample.timeMs, interfaces);
    this.#enrichment.hear(sample);
    if (this.#isFirst) await within(this.#firstSampleMs, this.#enrichment.processes.idle());
    this.#enrichment.devices.lookAround(this.#isFirst ? FIRST_DEVICE_LOOK_UPS : DEVICE_LOOK_UPS);
    this.#isFirst = false;
    return {
      ...sample,
      ...this.#enrichment.known(sample.timeMs),
      ...(interfaces === null ? {} : { interfaces, interfacesReadNs }),
    };
  }

  measureKernelTime(): (() => number) | null {
    return this.#collector.measureKernelTime?.() ?? null;
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
  readonly devices: DeviceNames;
  readonly #given = new NamedNamespaces();
  readonly #own = namespaceOf("self");
  readonly #shared = new Set([this.#own, namespaceOf("1")].filter((netns) => netns !== null));
  #members: ReadonlyMap<number, number> | null = null;
  #deviceList = "";
  #names: NamespaceNames = new Map();
  #namedBy: readonly unknown[] = [];

  constructor(readers: number) {
    this.processes = new ProcessCache({
      readers: processReaders(readers),
      nowMs: () => performance.now(),
    });
    this.devices = new DeviceNames({
      lookUp: (netns, indexes) => readDeviceNames(netns, this.#pathTo(netns), indexes),
      nowMs: () => performance.now(),
    });
  }

  /** To be called once a sample, before it is heard. Of the devices here it is known at once when one is renamed. */
  beginSample(nowMs: number, interfaces: readonly InterfaceCounters[] | null): void {
    this.processes.beginSample();
    this.#given.names(nowMs);
    this.#members = null;
    this.devices.beginSample();
    const list = interfaces?.map(({ name }) => name).join("/") ?? "";
    if (list !== this.#deviceList && this.#own !== null) this.devices.hearChange(this.#own);
    this.#deviceList = list;
  }

  /**
   * Takes what a sample names, in one go through its readings. Sockets and holders come process by process, those of a namespace
   * together, and mostly by the same device: so what the one before had is asked first, which is cheaper than any map.
   */
  hear({ holders, sockets, opened, closed, lateOwners }: Sample): void {
    let lastPid = -1;
    for (const { pid, comm } of holders ?? []) {
      if (pid !== lastPid) this.processes.hearHolder(pid, comm);
      lastPid = pid;
    }
    let lastNetns = -1;
    let lastIndex = -1;
    for (const readings of [sockets, opened, closed]) {
      for (const reading of readings) {
        const { owner, netns } = reading;
        if (owner !== null && owner.pid !== lastPid) {
          this.processes.hearContext(owner.pid);
          lastPid = owner.pid;
        }
        const index = deviceIndex(reading);
        if (index === null || (index === lastIndex && netns === lastNetns)) continue;
        this.devices.hear(netns, index);
        lastNetns = netns;
        lastIndex = index;
      }
    }
    for (const { owner } of lateOwners) this.processes.hearContext(owner.pid);
  }

  known(nowMs: number): {
    readonly processes: ReadonlyMap<number, ProcessDetails>;
    readonly namespaces: NamespaceNames;
    readonly devices: KnownDevices;
  } {
    const processes = this.processes.known();
    const given = this.#given.names(nowMs);
    if (this.#namedBy[0] !== processes || this.#namedBy[1] !== given) {
      this.#namedBy = [processes, given];
      this.#names = nameNamespaces(given, this.processes.readings(), this.#shared);
    }
    return { processes, namespaces: this.#names, devices: this.devices.known() };
  }

  /** A way into a network namespace: by its name, or through a process that is known to be in it. */
  #pathTo(netns: number): string | null {
    const named = this.#given.pathOf(netns);
    if (named !== null) return named;
    this.#members ??= this.processes.namespaceMembers();
    const pid = this.#members.get(netns);
    return pid === undefined ? null : `/proc/${pid}/ns/net`;
  }
}

/** Inode of a process's network namespace; null where we may not know. */
function namespaceOf(process: string): number | null {
  try {
    return statSync(`/proc/${process}/ns/net`).ino;
  } catch {
    return null;
  }
}

async function within(milliseconds: number, work: Promise<void>): Promise<void> {
  const patience = new AbortController();
  const { signal } = patience;
  await Promise.race([work, sleep(milliseconds, undefined, { signal }).catch(() => {})]);
  patience.abort();
}
