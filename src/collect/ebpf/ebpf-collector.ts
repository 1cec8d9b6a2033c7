import { setTimeout as sleep } from "node:timers/promises";

import { BpfNumber } from "../../linux/bpf-number.js";
import type { BpfObject } from "../../linux/bpf-object.js";
import { monotonicNs } from "../../linux/clock.js";
import { BpfHashMap } from "../../linux/hash-map.js";
import { Flow } from "../../linux/records.gen.js";
import { RingBuffer } from "../../linux/ring-buffer.js";
import { takeRunTimes } from "../../linux/run-time-statistics.js";
import type { Suspect } from "../../model/connection.js";
import { TcptopError } from "../../model/error.js";
import type { Rung } from "../../model/rung.js";
import type { Owner, Sample } from "../../model/sample.js";
import type { NetworkCollector } from "../network-collector.js";
import { Adoption } from "./adoption.js";
import { KnownSockets } from "./known-sockets.js";
import { explainRefusal, type LoadOptions, loadPlan } from "./load-plan.js";
import { RingEvents } from "./ring-events.js";
import { RingOverflow } from "./ring-overflow.js";
import type { FlowsPlan, IteratorPlan, RungPlan } from "./rung-plan.js";
import type { SocketCall } from "./socket-call.js";
import { attachToAllCgroups } from "./udp/cgroup-hooks.js";
import { UdpFlows } from "./udp/udp-flows.js";
import { Walker } from "./walk.js";

const UDP_TIMEOUT_MS = 60_000;
const DRAIN_MS = 100;
/** How long the first sample waits for older sockets without a process: they are complete in it on any healthy host. */
const FIRST_SAMPLE_MS = 500;

const UDP_IS_UNCOUNTED = { uncounted: ["udp"] } as const satisfies Partial<Sample>;

export interface EbpfCollectorOptions extends LoadOptions {
  /** For how long nothing may move with a UDP peer until its row ends; a minute by default. */
  readonly udpTimeoutMs?: number;
  /** Told, in a line, what this host does not let it collect. */
  readonly tell?: (line: string) => void;
  /** Told who opened or closed a connection some 100 ms after that, long before it is in a sample. */
  readonly hearOwner?: (owner: Owner) => void;
  /**
   * Told of each call that sent or received on a TCP socket, within some 100 ms. Asked for, programs are attached to TCP's
   * functions, which else has none on its path; and who accepts a connection is known as its owner.
   */
  readonly hearCall?: (call: SocketCall) => void;
}

/**
 * Collects with BPF programs and iterators, which are its plan's: TCP by the kernel's own counters, read once a sample; UDP
 * as the plan's programs count it.
 */
export class EbpfCollector implements NetworkCollector {
  readonly rung: Rung;
  readonly #plan: RungPlan;
  readonly #object: BpfObject;
  readonly #ring: RingBuffer;
  readonly #events: RingEvents;
  readonly #walker: Walker;
  readonly #adoption: Adoption;
  readonly #overflow: RingOverflow;
  readonly #drainTimer: NodeJS.Timeout;
  #isFirst = true;
  #closed = false;

  /** @throws TcptopError `unavailable` when the programs do not load or attach. */
  static open(plan: RungPlan, options: EbpfCollectorOptions): EbpfCollector {
    const asked = options.hearCall === undefined ? plan : withCallPrograms(plan);
    const object = loadPlan(asked, options);
    try {
      return new EbpfCollector(object, asked, options);
    } catch (error) {
      object.close();
      throw error instanceof TcptopError ? explainRefusal(error, asked) : error;
    }
  }

  /** What can fail comes before what only `close` gives back. */
  private constructor(object: BpfObject, plan: RungPlan, options: EbpfCollectorOptions) {
    const { countsDatagrams, iterators } = plan;
    this.rung = plan.rung;
    this.#plan = plan;
    this.#object = object;
    for (const program of plan.programs) object.attach(program);
    if (plan.cgroupPrograms.length > 0) attachToAllCgroups(object, plan.cgroupPrograms);
    plan.prepare?.(object);
    for (const line of plan.shortcomings()) options.tell?.(line);
    const attachIterator = ({ program, map }: IteratorPlan) => object.attachIterator(program, map);
    const attachFlows = ({ madeAt, ...plan }: FlowsPlan) => ({
      ...attachIterator(plan),
      made: madeAt === null ? null : () => object.readVariable(madeAt),
    });
    const known = new KnownSockets();
    const flows = new BpfHashMap(object.mapFd("flows"), Flow.size);
    const udp = new UdpFlows(flows, {
      timeoutMs: options.udpTimeoutMs ?? UDP_TIMEOUT_MS,
      countsDatagrams,
    });
    this.#walker = new Walker(
      {
        held: attachIterator(iterators.held),
        others: attachIterator(iterators.others),
        flows: iterators.flows === null ? null : attachFlows(iterators.flows),
      },
      new BpfNumber(object.mapFd("taken_walk")),
      known,
      udp,
    );
    this.#adoption = new Adoption(attachIterator(iterators.adopt));
    this.#overflow = new RingOverflow(object);
    this.#ring = new RingBuffer(object.mapFd("ring"), object.maxEntries("ring"));
    this.#events = new RingEvents(this.#ring, known, udp, options.hearOwner, options.hearCall);
    this.#drainTimer = setInterval(() => this.#events.drain(), DRAIN_MS);
    this.#drainTimer.unref();
    this.#adoption.start();
  }

  async sample(suspects: readonly Suspect[]): Promise<Sample> {
    if (this.#isFirst) await this.#waitForAdoption();
    this.#isFirst = false;
    const gone = this.#plan.findGone(suspects);
    const { sockets, holders, closed, readNs } = await this.#walker.walk();
    if (this.#closed) throw new TcptopError("failed", "the collector was closed during a sample", "");
    const events = this.#events.take();
    const timeMs = Date.now();
    return {
      timeMs,
      // A busy host may come here much later than the walk's end: rates of all together and of each are over the same time.
      readNs: readNs === 0 ? monotonicNs() : readNs,
      sockets,
      ...events,
      closed: [...events.closed, ...closed],
      holders,
      gone,
      folded: this.#overflow.folded(),
      missedEvents: this.#plan.missedEvents(this.#object),
      lost: this.#overflow.lost(),
      ...(this.#plan.countsDatagrams ? {} : UDP_IS_UNCOUNTED),
      stalled: this.#adoption.stall(timeMs),
    };
  }

  measureKernelTime(): (() => number) | null {
    const statistics = this.#closed ? null : takeRunTimes();
    if (statistics === null) return null;
    const beforeNs = this.#object.runTimeNs();
    return () => {
      statistics.close();
      return this.#closed ? 0 : this.#object.runTimeNs() - beforeNs;
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
}

function withCallPrograms(plan: RungPlan): RungPlan {
  if (plan.callPrograms === null) {
    throw new TcptopError(
      "unavailable",
      `rung ${plan.rung} can't tell single calls`,
      "take the rung fentry, where the kernel lets it load",
    );
  }
  return { ...plan, programs: [...plan.programs, ...plan.callPrograms()] };
}
