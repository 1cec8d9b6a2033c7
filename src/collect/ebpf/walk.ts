import type { Iterator } from "../../linux/bpf-object.js";
import { IteratorReader } from "../../linux/iterator-read.js";
import { recordMemory, type WordMemory } from "../../linux/record-memory.js";
import { ConnectionRecord, FlowRecord, HolderRecord, RECORD_KIND } from "../../linux/records.gen.js";
import type { ClosedReading, Holder, SocketReading } from "../../model/sample.js";
import type { KnownSockets } from "./known-sockets.js";
import { holderOf } from "./owner-records.js";
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
}

export interface WalkIterators {
  readonly held: Iterator;
  readonly others: Iterator;
  /** null where datagrams are not counted. */
  readonly flows: Iterator | null;
}

/** The walks of a sample: over files, over what no file holds, and over UDP sockets' many peers. */
export class Walker {
  readonly #held: Iterator;
  readonly #others: Iterator;
  readonly #flows: Iterator | null;
  readonly #known: KnownSockets;
  readonly #udp: UdpFlows;
  readonly #reader = new IteratorReader();

  constructor(iterators: WalkIterators, known: KnownSockets, udp: UdpFlows) {
    this.#held = iterators.held;
    this.#others = iterators.others;
    this.#flows = iterators.flows;
    this.#known = known;
    this.#udp = udp;
  }

  async walk(): Promise<Walk> {
    this.#known.beginWalk();
    this.#udp.beginWalk();
    const walk = { sockets: [], holders: [], closed: [] };
    for (const iterator of [this.#held, this.#others])
      await this.#reader.walk(iterator, (memory, bytes) => this.#decode(memory, bytes, walk));
    if (this.#flows !== null) await this.#walkFlows(this.#flows, walk);
    return walk;
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
    this.#decode(recordMemory(buffer, byteOffset, length), length, walk);
  }

  /** Decodes the whole records of a piece, and returns where they end. */
  #decode(memory: WordMemory, bytes: number, { sockets, holders, closed }: Collected): number {
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
          holders.push(holderOf(holder));
          break;
        case RECORD_KIND.RECORD_UDP_SOCKET:
          sockets.push(this.#udp.socket(memory, at));
          break;
        case RECORD_KIND.RECORD_FLOW:
          this.#udp.flow(memory, at, sockets, closed);
          break;
        default:
          sockets.push(this.#known.walked(connection, memory));
      }
      at = next;
    }
    return at;
  }
}

function sizeOf(kind: number): number {
  switch (kind) {
    case RECORD_KIND.RECORD_HOLDER:
      return HolderRecord.size;
    case RECORD_KIND.RECORD_UDP_SOCKET:
    case RECORD_KIND.RECORD_FLOW:
      return FlowRecord.size;
    default:
      return ConnectionRecord.size;
  }
}
