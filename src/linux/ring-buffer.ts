import { type MappedMemory, mapMemory, PROT_READ, PROT_WRITE, pageSize, unmapMemory } from "./libc.js";
import { type RecordMemory, recordMemory } from "./record-memory.js";
import { RingConsumer } from "./ring-consumer.js";

/** What is mapped, and the views of it, which have to go before it is unmapped. */
interface MappedRing {
  readonly positions: MappedMemory;
  readonly records: MappedMemory;
  readonly consumer: RingConsumer;
}

/**
 * Consumes a BPF ring buffer (5.8) in this process: its pages are mapped, not read. They are (kernel/bpf/ringbuf.c) a
 * page with the consumer's position, ours to write; a page with the producer's; and the data, twice.
 */
export class RingBuffer {
  #mapped: MappedRing | undefined;

  /** `dataBytes` is the size that the kernel's map has: libbpf rounds what was asked for up to whole pages. */
  constructor(mapFd: number, dataBytes: number) {
    this.#mapped = mapRing(mapFd, dataBytes);
  }

  /** Calls `consume` with each record that is complete, in order; the memory is the kernel's again afterwards. */
  drain(consume: (memory: RecordMemory, at: number) => void): void {
    this.#mapped?.consumer.drain(consume);
  }

  /** Unmaps. The views go first: a view of memory that is gone would end the process at its next use. */
  close(): void {
    const mapped = this.#mapped;
    if (mapped === undefined) return;
    this.#mapped = undefined;
    unmapMemory(mapped.records);
    unmapMemory(mapped.positions);
  }
}

function mapRing(mapFd: number, dataBytes: number): MappedRing {
  const positions = mapMemory(mapFd, 0, pageSize, PROT_READ | PROT_WRITE);
  try {
    const records = mapMemory(mapFd, pageSize, pageSize + 2 * dataBytes, PROT_READ);
    const consumer = new RingConsumer({
      consumerPosition: new BigUint64Array(positions.buffer, 0, 1),
      producerPosition: new BigUint64Array(records.buffer, 0, 1),
      data: recordMemory(records.buffer, pageSize),
    });
    return { positions, records, consumer };
  } catch (error) {
    unmapMemory(positions);
    throw error;
  }
}
