import type { BpfHashMap } from "../../../linux/hash-map.js";
import type { RecordMemory } from "../../../linux/record-memory.js";
import { Flow, FlowRecord, SocketTuple } from "../../../linux/records.gen.js";
import type { ClosedReading, SocketCookie, SocketReading } from "../../../model/sample.js";
import { readTuple } from "../tuples.js";
import { flowKey } from "./flow-key.js";
import { ClosedFlowReading, type FlowCounters, FlowReading, type SocketFacts } from "./flow-reading.js";

export interface UdpFlowsOptions {
  readonly timeoutMs: number;
  /** Whether the kernel side counts what sockets move, or only shows that they are there. */
  readonly countsDatagrams: boolean;
}

const UNKNOWN: FlowCounters = { txBytes: null, rxBytes: null, lastNs: 0 };

/**
 * Puts the records of UDP sockets and of their peers together. The kernel keeps a peer until user space takes it out: when
 * its socket has been closed, or when nothing has moved for the time-out.
 */
export class UdpFlows {
  readonly #flows: Pick<BpfHashMap, "take">;
  readonly #timeoutNs: number;
  readonly #countsDatagrams: boolean;
  /** Sockets that were closed, and whose peers are still to be taken out. */
  #released = new Map<SocketCookie, SocketFacts>();
  /** The same, of those closed before the walk at hand began: all their peers are in it. */
  #due = new Map<SocketCookie, SocketFacts>();
  /** The sockets of the walk at hand, and of the one before. */
  #sockets = new Map<SocketCookie, SocketFacts>();
  #socketsBefore = new Map<SocketCookie, SocketFacts>();

  constructor(flows: Pick<BpfHashMap, "take">, options: UdpFlowsOptions) {
    this.#flows = flows;
    this.#timeoutNs = options.timeoutMs * 1e6;
    this.#countsDatagrams = options.countsDatagrams;
  }

  beginWalk(): void {
    this.#due = this.#released;
    this.#released = new Map();
    this.#socketsBefore = this.#sockets;
    this.#sockets = new Map();
  }

  /** A socket's own row. */
  socket(memory: RecordMemory, at: number): SocketReading {
    const record = new FlowRecord(memory, at);
    const facts = { drops: record.drops, boundDevice: deviceOf(record) };
    this.#sockets.set(record.cookie, facts);
    const counters = this.#countsDatagrams ? record : UNKNOWN;
    return new FlowReading(record, counters, readTuple(memory, record.tupleAt), facts);
  }

  /** One of a socket's many peers: to `open` or, when it is over, to `closed`. Sockets have to come first. */
  flow(memory: RecordMemory, at: number, open: SocketReading[], closed: ClosedReading[]): void {
    const record = new FlowRecord(memory, at);
    const tuple = readTuple(memory, record.tupleAt);
    const socket = this.#factsOf(record);
    const isReleased = this.#due.has(record.cookie);
    if (!isReleased && record.readNs - record.lastNs < this.#timeoutNs) {
      open.push(new FlowReading(record, record, tuple, socket));
      return;
    }
    const taken = this.#flows.take(flowKey(memory, record.at, new SocketTuple(memory, record.tupleAt)));
    if (taken === null) return;
    const reason = isReleased ? "closed" : "idle";
    closed.push(new ClosedFlowReading(record, new Flow(taken), tuple, socket, reason));
  }

  /** The last word on a socket's own row; null for a socket that never had one. */
  end(memory: RecordMemory, at: number): ClosedReading | null {
    const record = new FlowRecord(memory, at);
    const socket = { drops: null, boundDevice: deviceOf(record) ?? this.#factsOf(record).boundDevice };
    if (record.released !== 0) this.#released.set(record.cookie, socket);
    if (new SocketTuple(memory, record.tupleAt).family === 0) return null;
    return new ClosedFlowReading(record, record, readTuple(memory, record.tupleAt), socket, "closed");
  }

  /** A socket that is gone by now keeps its device; how many drops it had in the end is not known. */
  #factsOf({ cookie }: FlowRecord): SocketFacts {
    const here = this.#sockets.get(cookie);
    if (here !== undefined) return here;
    const gone = this.#due.get(cookie) ?? this.#released.get(cookie) ?? this.#socketsBefore.get(cookie);
    return { drops: null, boundDevice: gone?.boundDevice ?? null };
  }
}

function deviceOf({ boundDevice }: FlowRecord): number | null {
  return boundDevice === 0 ? null : boundDevice;
}
