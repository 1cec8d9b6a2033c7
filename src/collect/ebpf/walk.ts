import type { Iterator } from "../../linux/bpf-object.js";
import { IteratorReader } from "../../linux/iterator-read.js";
import type { RecordMemory } from "../../linux/record-memory.js";
import { ConnectionRecord, HolderRecord, RECORD_KIND } from "../../linux/records.gen.js";
import type { Holder, SocketReading } from "../../model/sample.js";
import { holderOf, readingOf } from "./readings.js";
import type { TupleCache } from "./tuples.js";

/** Every socket and every holder that the kernel showed. */
export interface Walk {
  readonly sockets: readonly SocketReading[];
  readonly holders: readonly Holder[];
}

/** The two walks of a sample: over files, then over what no file holds. */
export class Walker {
  readonly #held: Iterator;
  readonly #others: Iterator;
  readonly #tuples: TupleCache;
  readonly #reader = new IteratorReader();

  constructor(held: Iterator, others: Iterator, tuples: TupleCache) {
    this.#held = held;
    this.#others = others;
    this.#tuples = tuples;
  }

  async walk(): Promise<Walk> {
    this.#tuples.nextWalk();
    const sockets: SocketReading[] = [];
    const holders: Holder[] = [];
    for (const iterator of [this.#held, this.#others]) {
      const { memory, bytes } = await this.#reader.walk(iterator);
      this.#decode(memory, bytes, sockets, holders);
    }
    return { sockets, holders };
  }

  #decode(memory: RecordMemory, bytes: number, sockets: SocketReading[], holders: Holder[]): void {
    const connection = new ConnectionRecord(memory);
    const holder = new HolderRecord(memory);
    let at = 0;
    while (at < bytes) {
      connection.at = at;
      if (connection.kind === RECORD_KIND.RECORD_HOLDER) {
        holder.at = at;
        holders.push(holderOf(holder));
        at += HolderRecord.size;
      } else {
        sockets.push(readingOf(connection, memory, this.#tuples));
        at += ConnectionRecord.size;
      }
    }
  }
}
