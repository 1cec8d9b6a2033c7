import { type MappedMemory, mapMemory, PROT_READ, PROT_WRITE, pageSize, unmapMemory } from "./libc.js";
import { type RecordMemory, recordMemory } from "./record-memory.js";

/** Flags in a record's length word (include/uapi/linux/bpf.h). */
const BUSY = 0x8000_0000;
const DISCARD = 0x4000_0000;
const HEADER_BYTES = 8;

/**
 * Consumes a BPF ring buffer (5.8) in this process: its pages are mapped, not read. The layout is the kernel's
 * (kernel/bpf/ringbuf.c): a page with the consumer's position, ours to write; a page with the producer's; the data,
 * mapped twice in a row so that no record is ever cut in two.
 */
export class RingBuffer {
  readonly #dataBytes: number;
  #consumer: MappedMemory | undefined;
  #producer: MappedMemory | undefined;
  #consumerPosition: BigUint64Array;
  #producerPosition: BigUint64Array;
  #lengths: Int32Array;
  #records: RecordMemory;

  constructor(mapFd: number, dataBytes: number) {
    this.#dataBytes = dataBytes;
    this.#consumer = mapMemory(mapFd, 0, pageSize, PROT_READ | PROT_WRITE);
    this.#producer = mapMemory(mapFd, pageSize, pageSize + 2 * dataBytes, PROT_READ);
    this.#consumerPosition = new BigUint64Array(this.#consumer.buffer, 0, 1);
    this.#producerPosition = new BigUint64Array(this.#producer.buffer, 0, 1);
    this.#lengths = new Int32Array(this.#producer.buffer, pageSize);
    this.#records = recordMemory(this.#producer.buffer, pageSize);
  }

  /** Calls `consume` with each record that is complete, in order; the memory is the kernel's again afterwards. */
  drain(consume: (memory: RecordMemory, at: number) => void): void {
    // Positions count bytes since the map was made. A Number holds them exactly for 9 PB.
    let position = Number(Atomics.load(this.#consumerPosition, 0));
    const end = Number(Atomics.load(this.#producerPosition, 0));
    while (position < end) {
      const at = position % this.#dataBytes;
      // With Atomics: on arm64 a plain load could see the length before the record's bytes.
      const header = Atomics.load(this.#lengths, at >>> 2) >>> 0;
      if ((header & BUSY) !== 0) break;
      const length = header & ~(BUSY | DISCARD);
      if ((header & DISCARD) === 0) consume(this.#records, at + HEADER_BYTES);
      position += HEADER_BYTES + Math.ceil(length / 8) * 8;
      Atomics.store(this.#consumerPosition, 0, BigInt(position));
    }
  }

  /** Unmaps. The views go first: a view of memory that is gone would end the process at its next use. */
  close(): void {
    const mapped = [this.#consumer, this.#producer];
    this.#consumer = undefined;
    this.#producer = undefined;
    this.#consumerPosition = new BigUint64Array(1);
    this.#producerPosition = new BigUint64Array(1);
    this.#lengths = new Int32Array(0);
    this.#records = recordMemory(new ArrayBuffer(0));
    for (const memory of mapped) if (memory !== undefined) unmapMemory(memory);
  }
}
