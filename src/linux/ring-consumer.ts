import type { RecordMemory } from "./record-memory.js";

/** Flags in a record's length word (include/uapi/linux/bpf.h). */
const BUSY = 0x8000_0000;
const DISCARD = 0x4000_0000;
const HEADER_BYTES = 8;

/** A ring's memory, as kernel/bpf/ringbuf.c lays it out. Positions count bytes since the map was made. */
export interface RingMemory {
  /** One element: how far we have come, ours to write. */
  readonly consumerPosition: BigUint64Array;
  /** One element: how far the kernel has come. */
  readonly producerPosition: BigUint64Array;
  /** The data twice in a row, so that no record is ever cut in two. */
  readonly data: RecordMemory;
}

/** Takes records out of a BPF ring buffer, in any memory. */
export class RingConsumer {
  readonly #memory: RingMemory;
  readonly #lengths: Int32Array;
  readonly #dataBytes: number;

  constructor(memory: RingMemory) {
    const { buffer, byteOffset, byteLength } = memory.data.view;
    this.#memory = memory;
    this.#lengths = new Int32Array(buffer, byteOffset, byteLength >>> 2);
    this.#dataBytes = byteLength / 2;
  }

  /** Calls `consume` with each record that is complete, in order; the memory is the kernel's again afterwards. */
  drain(consume: (memory: RecordMemory, at: number) => void): void {
    const { consumerPosition, producerPosition, data } = this.#memory;
    // A Number holds positions exactly for 9 PB.
    let position = Number(Atomics.load(consumerPosition, 0));
    const end = Number(Atomics.load(producerPosition, 0));
    while (position < end) {
      const at = position % this.#dataBytes;
      // With Atomics: on arm64 a plain load could see the length before the record's bytes.
      const header = Atomics.load(this.#lengths, at >>> 2) >>> 0;
      if ((header & BUSY) !== 0) break;
      const length = header & ~(BUSY | DISCARD);
      if ((header & DISCARD) === 0) consume(data, at + HEADER_BYTES);
      position += HEADER_BYTES + Math.ceil(length / 8) * 8;
      Atomics.store(consumerPosition, 0, BigInt(position));
    }
  }
}
