import type { Iterator } from "../../linux/bpf-object.js";
import { IteratorReader } from "../../linux/iterator-read.js";
import { type RecordMemory, recordMemory } from "../../linux/record-memory.js";
import {
  ConnectionRecord,
  FlowRecord,
  HolderRecord,
  RECORD_KIND,
  RestingRecord,
  WalkEndRecord,
} from "../../linux/records.gen.js";
import type { ClosedReading, Holder, SocketReading } from "../../model/sample.js";
import type { KnownSockets } from "./known-sockets.js";
import { holderOf } from "./owner-records.js";
import { EmptyFlows } from "./udp/empty-flows.js";
import type { UdpFlows } from "./udp/udp-flows.js";

/** What every record begins with. */
const KIND_BYTES = 4;

interface Collected {
  readonly sockets: SocketReading[];
  readonly holders: Holder[];
  readonly closed: ClosedReading[];
}

/** Every socket and every holder that the kernel showed. */
export interface Walk {
  readonly sockets: readonly SocketReading[];
  readonly holders: readonly Holder[];
  /** Peers of UDP sockets that are over. */
  readonly closed: readonly ClosedReading[];
  /** When the last of the sockets was read, in ns since boot; 0 when there was none. */
  readonly readNs: number;
}

export interface WalkIterators {
  readonly held: Iterator;
  readonly others: Iterator;
  /** null where datagrams are not counted. */
  readonly flows: FlowsIterator | null;
}

/** Over the peers of UDP sockets; how many there have been, where that is counted. */
export interface FlowsIterator extends Iterator {
  readonly made: (() => number) | null;
}

/** Where the kernel is told which walk over files was the last that was taken to its end. */
export interface TakenWalk {
  set(walk: number): void;
}

/** The walks of a sample: over files, over what no file holds, and over UDP sockets' many peers. */
export class Walker {
  readonly #held: Iterator;
  readonly #others: Iterator;
  readonly #flows: Iterator | null;
  readonly #emptyFlows: EmptyFlows;
  readonly #taken: TakenWalk;
  readonly #known: KnownSockets;
  readonly #udp: UdpFlows;
  readonly #reader = new IteratorReader();
  /** The last that the walk over files told of: it stands before what it holds. */
  #holder: Holder | null = null;

  constructor(iterators: WalkIterators, taken: TakenWalk, known: KnownSockets, udp: UdpFlows) {
    this.#held = iterators.held;
    this.#others = iterators.others;
    this.#flows = iterators.flows;
    this.#emptyFlows = new EmptyFlows(iterators.flows?.made ?? null);
    this.#taken = taken;
    this.#known = known;
    this.#udp = udp;
  }

  async walk(): Promise<Walk> {
    this.#known.beginWalk();
    this.#udp.beginWalk();
    this.#holder = null;
    const walk: Collected = { sockets: [], holders: [], closed: [] };
    await this.#reader.walk(this.#held, (memory, bytes) => this.#takeHeld(memory, bytes, walk));
    await this.#reader.walk(this.#others, (memory, bytes) => this.#takeOthers(memory, bytes, walk));
    const readNs = latest(walk.sockets);
    if (this.#flows !== null && !this.#emptyFlows.isKnown()) await this.#walkFlows(this.#flows, walk);
    return { ...walk, readNs };
  }

  /**
   * Peers that are over are taken out of the map that this walk goes through, so none may be before it has ended: between two reads
   * the kernel finds its place again by the number of elements in a bucket that it has passed (kernel/bpf/hashtab.c), and
   * would pass over one for each that is gone.
   */
  async #walkFlows(flows: Iterator, walk: Collected): Promise<void> {
    const pieces: Buffer[] = [];
    await this.#reader.walk(flows, ({ bytes }, length) => {
      pieces.push(Buffer.from(bytes.subarray(0, length)));
      return length;
    });
    const { buffer, byteOffset, length } = Buffer.concat(pieces);
    const memory = recordMemory(buffer, byteOffset, length);
    this.#emptyFlows.walked(length / FlowRecord.size);
    for (let at = 0; at < length; at += FlowRecord.size)
      this.#udp.flow(memory, at, walk.sockets, walk.closed);
  }

  /** Decodes the whole records of a piece, and returns where they end. */
  #takeHeld(memory: RecordMemory, bytes: number, walk: Collected): number {
    const connection = new ConnectionRecord(memory);
    const holder = new HolderRecord(memory);
    let at = 0;
    while (at + KIND_BYTES <= bytes) {
      connection.at = at;
      const { kind } = connection;
      const next = at + sizeOf(kind);
      if (next > bytes) break;
      switch (kind) {
        case RECORD_KIND.RECORD_HOLDER:
          holder.at = at;
          this.#holder = holderOf(holder);
          walk.holders.push(this.#holder);
          break;
        case RECORD_KIND.RECORD_UDP_SOCKET:
          walk.sockets.push(this.#udp.socket(memory, at));
          break;
        case RECORD_KIND.RECORD_RESTING:
          this.#known.placeResting(new RestingRecord(memory, at), walk);
          break;
        case RECORD_KIND.RECORD_WALK_END:
          this.#endWalk(new WalkEndRecord(memory, at));
          break;
        default:
          if (this.#holder === null)
            throw new RangeError("the kernel told of a connection before its holder");
          walk.sockets.push(this.#known.place(connection, memory, this.#holder));
      }
      at = next;
    }
    return at;
  }

  #endWalk({ walk }: WalkEndRecord): void {
    this.#known.endWalk(walk);
    this.#taken.set(walk);
  }

  #takeOthers(memory: RecordMemory, bytes: number, { sockets }: Collected): number {
    const connection = new ConnectionRecord(memory);
    const end = bytes - (bytes % ConnectionRecord.size);
    for (connection.at = 0; connection.at < end; connection.at += ConnectionRecord.size)
      sockets.push(this.#known.readOther(connection, memory));
    return end;
  }
}

function sizeOf(kind: number): number {
  switch (kind) {
    case RECORD_KIND.RECORD_HOLDER:
      return HolderRecord.size;
    case RECORD_KIND.RECORD_UDP_SOCKET:
      return FlowRecord.size;
    case RECORD_KIND.RECORD_RESTING:
      return RestingRecord.size;
    case RECORD_KIND.RECORD_WALK_END:
      return WalkEndRecord.size;
    default:
      return ConnectionRecord.size;
  }
}

/** Walks read one socket after the other. */
function latest(sockets: readonly SocketReading[]): number {
  return sockets.at(-1)?.readNs ?? 0;
}
