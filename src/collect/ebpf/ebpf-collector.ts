import { setTimeout as sleep } from "node:timers/promises";

import { BpfObject } from "../../linux/bpf-object.js";
import { isInCgroupNamespace } from "../../linux/cgroup-root.js";
import { monotonicNs } from "../../linux/clock.js";
import { TRACEPOINT_RUNG_FEATURES } from "../../linux/features.js";
import { BpfHashMap } from "../../linux/hash-map.js";
import { PerCpuMap } from "../../linux/per-cpu-map.js";
import { Flow, FoldTotals, READ_ONLY_DATA, RECORD_KIND } from "../../linux/records.gen.js";
import { RingBuffer } from "../../linux/ring-buffer.js";
import type { Suspect } from "../../model/connection.js";
import { TcptopError } from "../../model/error.js";
import type { Rung } from "../../model/rung.js";
import type { Folded, Owner, Sample } from "../../model/sample.js";
import type { NetworkCollector } from "../network-collector.js";
import { Adoption } from "./adoption.js";
import { explainLoadFailure } from "./explain-failure.js";
import { findGone } from "./look-up.js";
import { RingEvents } from "./ring-events.js";
import { TupleCache } from "./tuples.js";
import { attachToAllCgroups } from "./udp/cgroup-hooks.js";
import { UdpFlows } from "./udp/udp-flows.js";
import { Walker } from "./walk.js";

const PROGRAMS = ["tcp_state_changed", "tcp_destroyed"] as const;
const DATAGRAM_PROGRAMS = ["datagram_sent", "datagram_received"] as const;
const CGROUP_PROGRAMS = [
  "peer_of_send4",
  "peer_of_send6",
  "peer_of_receive4",
  "peer_of_receive6",
  "udp_released",
] as const;
const ITERATORS = ["adopt_sockets", "walk_held_sockets", "walk_other_sockets"] as const;

/** 40,000 records: what a busy host closes in 100 ms, and what a burst closes while a frame is made. */
const RING_BYTES = 8 * 1024 * 1024;
const UDP_TIMEOUT_MS = 60_000;
const DRAIN_MS = 100;
/** How long the first sample waits for older sockets without a process: they are complete in it on any healthy host. */
const FIRST_SAMPLE_MS = 500;

export interface EbpfCollectorOptions {
  /** The compiled programs; the package's own by default. */
  readonly objectPath: string;
  /** For how long nothing may move with a UDP peer until its row ends; a minute by default. */
  readonly udpTimeoutMs?: number;
  /** Size of the ring in bytes; libbpf rounds it up to a power of two, at least a page. */
  readonly ringBytes?: number;
  /** Further programs of the object to load, for tests. */
  readonly extraPrograms?: readonly string[];
  /** Told, in a line, what this host does not let it collect. */
  readonly tell?: (line: string) => void;
  /** Told who opened or closed a connection some 100 ms after that, long before it is in a sample. */
  readonly hearOwner?: (owner: Owner) => void;
}

/**
 * Collects with tracepoints and iterators: TCP by the kernel's own counters, read once a sample (Linux 5.12), UDP by what
 * send and receive calls return (6.3).
 */
export class EbpfCollector implements NetworkCollector {
  readonly rung: Rung = "tracepoint";
  readonly #object: BpfObject;
  readonly #ring: RingBuffer;
  readonly #events: RingEvents;
  readonly #walker: Walker;
  readonly #adoption: Adoption;
  readonly #folds: readonly PerCpuMap[];
  readonly #drainTimer: NodeJS.Timeout;
  #isFirst = true;
  #closed = false;

  /** @throws TcptopError `unavailable` when the programs do not load or attach. */
  static open(options: EbpfCollectorOptions): EbpfCollector {
    const loaded = loadPrograms(options);
    try {
      return new EbpfCollector(loaded, options);
    } catch (error) {
      loaded.object.close();
      throw error;
    }
  }

  /** What can fail comes before what only `close` gives back. */
  private constructor({ object, countsDatagrams }: LoadedPrograms, options: EbpfCollectorOptions) {
    this.#object = object;
    // State changes first: a connection that opens during the walks is then in the ring.
    for (const program of PROGRAMS) object.attach(program);
    if (countsDatagrams) {
      for (const program of DATAGRAM_PROGRAMS) object.attach(program);
      attachToAllCgroups(object, CGROUP_PROGRAMS);
    }
    for (const line of shortcomings(countsDatagrams)) options.tell?.(line);
    const tuples = new TupleCache();
    const flows = new BpfHashMap(object.mapFd("flows"), Flow.size);
    const udp = new UdpFlows(flows, {
      timeoutMs: options.udpTimeoutMs ?? UDP_TIMEOUT_MS,
      countsDatagrams,
    });
    this.#walker = new Walker(
      {
        held: object.attachIterator("walk_held_sockets"),
        others: object.attachIterator("walk_other_sockets", "notes"),
        flows: countsDatagrams ? object.attachIterator("walk_flows", "flows") : null,
      },
      tuples,
      udp,
    );
    this.#adoption = new Adoption(object.attachIterator("adopt_sockets"));
    this.#folds = ["folded", "folded_rest"].map((map) => new PerCpuMap(object.mapFd(map), FoldTotals.size));
    this.#ring = new RingBuffer(object.mapFd("ring"), object.maxEntries("ring"));
    this.#events = new RingEvents(this.#ring, tuples, udp, options.hearOwner);
    this.#drainTimer = setInterval(() => this.#events.drain(), DRAIN_MS);
    this.#drainTimer.unref();
    this.#adoption.start(Date.now());
  }

  async sample(suspects: readonly Suspect[]): Promise<Sample> {
    if (this.#isFirst) await this.#waitForAdoption();
    this.#isFirst = false;
    const gone = findGone(suspects);
    const { sockets, holders, closed } = await this.#walker.walk();
    if (this.#closed) throw new TcptopError("failed", "the collector was closed during a sample", "");
    const events = this.#events.take();
    const timeMs = Date.now();
    return {
      timeMs,
      readNs: monotonicNs(),
      sockets,
      ...events,
      closed: [...events.closed, ...closed],
      holders,
      gone,
      folded: this.#folded(),
      missedEvents: this.#object.skippedRuns("tcp_state_changed"),
      stalled: this.#adoption.stall(timeMs),
    };
  }

  /** Runs one of the extra programs: see BpfObject.run. */
  run(program: string, context: Buffer): number {
    return this.#object.run(program, context);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearInterval(this.#drainTimer);
    this.#adoption.close();
    this.#ring.close();
    this.#object.close();
  }

  async #waitForAdoption(): Promise<void> {
    const patience = new AbortController();
    const { signal } = patience;
    await Promise.race([this.#adoption.done, sleep(FIRST_SAMPLE_MS, undefined, { signal }).catch(() => {})]);
    patience.abort();
  }

  #folded(): Folded {
    const sum = { connections: 0, txBytes: 0, rxBytes: 0, retransBytes: 0 };
    for (const map of this.#folds) {
      map.forEach((memory, at) => {
        const totals = new FoldTotals(memory, at);
        sum.connections += totals.connections;
        sum.txBytes += totals.txBytes;
        sum.rxBytes += totals.rxBytes;
        sum.retransBytes += totals.retransBytes;
      });
    }
    return sum;
  }
}

interface LoadedPrograms {
  readonly object: BpfObject;
  readonly countsDatagrams: boolean;
}

/** With UDP, or, where the kernel has no tracepoints for its calls (before 6.3), without. */
function loadPrograms(options: EbpfCollectorOptions): LoadedPrograms {
  const always = [...PROGRAMS, ...ITERATORS, ...(options.extraPrograms ?? [])];
  const forUdp = [...DATAGRAM_PROGRAMS, ...CGROUP_PROGRAMS, "walk_flows"];
  try {
    return { object: load(options, [...always, ...forUdp]), countsDatagrams: true };
  } catch (error) {
    if (!(error instanceof TcptopError)) throw error;
  }
  try {
    return { object: load(options, always), countsDatagrams: false };
  } catch (error) {
    throw error instanceof TcptopError ? explainLoadFailure(error, TRACEPOINT_RUNG_FEATURES) : error;
  }
}

function load(options: EbpfCollectorOptions, programs: readonly string[]): BpfObject {
  return BpfObject.load({
    path: options.objectPath,
    programs,
    readOnlyData: [{ offset: READ_ONLY_DATA.targetEvents, value: 1 << RECORD_KIND.RECORD_OPEN }],
    maxEntries: new Map([["ring", options.ringBytes ?? RING_BYTES]]),
  });
}

function shortcomings(countsDatagrams: boolean): readonly string[] {
  if (!countsDatagrams) return ["UDP sockets are shown without bytes and peers: that needs Linux 6.3"];
  if (isInCgroupNamespace()) {
    return ["in a cgroup namespace: peers of UDP sockets are only known for processes inside of it"];
  }
  return [];
}
