import { recordMemory } from "../../src/linux/record-memory.js";
import type { RingMemory } from "../../src/linux/ring-consumer.js";

const BUSY = 0x8000_0000;
const DISCARD = 0x4000_0000;
const HEADER_BYTES = 8;

/** A record between bpf_ringbuf_reserve() and bpf_ringbuf_submit() or bpf_ringbuf_discard(). */
export interface Reservation {
  readonly submit: () => void;
  readonly discard: () => void;
}

/** A ring buffer in ordinary memory, written to as kernel/bpf/ringbuf.c does. */
export class MemoryRing {
  readonly memory: RingMemory;
  readonly #dataBytes: number;

  /** `position` is where both sides stand: what passed before is of no interest. */
  constructor(dataBytes: number, position = 0) {
    this.#dataBytes = dataBytes;
    this.memory = {
      consumerPosition: BigUint64Array.of(BigInt(position)),
      producerPosition: BigUint64Array.of(BigInt(position)),
      data: recordMemory(new ArrayBuffer(2 * dataBytes)),
    };
  }

  get consumerPosition(): number {
    return Number(this.memory.consumerPosition[0]);
  }

  get producerPosition(): number {
    return Number(this.memory.producerPosition[0]);
  }

  /** Takes room for a record and fills it; null when the ring has none. */
  reserve(payload: Uint8Array): Reservation | null {
    const position = this.producerPosition;
    const next = position + Math.ceil((HEADER_BYTES + payload.length) / 8) * 8;
    if (next - this.consumerPosition > this.#dataBytes - 1) return null;
    this.#writeHeader(position, payload.length | BUSY);
    this.memory.producerPosition[0] = BigInt(next);
    payload.forEach((byte, at) => {
      this.#writeByte(position + HEADER_BYTES + at, byte);
    });
    return {
      submit: () => this.#writeHeader(position, payload.length),
      discard: () => this.#writeHeader(position, payload.length | DISCARD),
    };
  }

  /** Writes a whole record, as bpf_ringbuf_output() does; false when the ring has no room. */
  output(payload: Uint8Array): boolean {
    const reservation = this.reserve(payload);
    reservation?.submit();
    return reservation !== null;
  }

  /** The length with its flags, then the page that the record is in, which only the kernel reads. */
  #writeHeader(position: number, length: number): void {
    const header = new DataView(new ArrayBuffer(HEADER_BYTES));
    header.setUint32(0, length >>> 0, true);
    header.setUint32(4, 0xdead_beef, true);
    for (let at = 0; at < HEADER_BYTES; at++) this.#writeByte(position + at, header.getUint8(at));
  }

  /** The data's pages are mapped twice in a row: what is written at one end is seen at the other. */
  #writeByte(position: number, byte: number): void {
    const at = position % this.#dataBytes;
    this.memory.data.bytes[at] = byte;
    this.memory.data.bytes[at + this.#dataBytes] = byte;
  }
}
