import type { WordMemory } from "../../linux/record-memory.js";
import { ConnectionRecord } from "../../linux/records.gen.js";

const { size, offsets } = ConnectionRecord;
const WORDS = size / 4;
const READ_NS = offsets.readNs / 4;
const CLOCK = offsets.clock / 4;
const START_SLOTS = 1024;

/** A place among the copies. */
export type Slot = number;

/**
 * The last connection record of each socket, byte by byte: that it says the same again is seen in 50 ns, a tenth of what
 * it takes to decode it and to compare the values. What only tells when it was read does not count.
 */
export class RecordCopies {
  #words = new Uint32Array(START_SLOTS * WORDS);
  #used = 0;
  readonly #free: Slot[] = [];

  /** Whether the record at `at` says what the copy says. */
  isSame(slot: Slot, { words }: WordMemory, at: number): boolean {
    const copies = this.#words;
    const copy = slot * WORDS;
    const record = at / 4;
    // Without a clock there are no times, nor what else a connection has once it is established.
    if ((copies[copy + CLOCK] === 0) !== (words[record + CLOCK] === 0)) return false;
    for (let word = 0; word < READ_NS; word++) if (copies[copy + word] !== words[record + word]) return false;
    for (let word = READ_NS + 2; word < CLOCK; word++)
      if (copies[copy + word] !== words[record + word]) return false;
    for (let word = CLOCK + 1; word < WORDS; word++)
      if (copies[copy + word] !== words[record + word]) return false;
    return true;
  }

  /** A slot for a socket's records, to be filled by `put`. */
  take(): Slot {
    const slot = this.#free.pop() ?? this.#used++;
    if ((slot + 1) * WORDS > this.#words.length) this.#grow();
    return slot;
  }

  put(slot: Slot, { words }: WordMemory, at: number): void {
    this.#words.set(words.subarray(at / 4, at / 4 + WORDS), slot * WORDS);
  }

  /** Gives a slot back. */
  release(slot: Slot): void {
    this.#free.push(slot);
  }

  #grow(): void {
    const larger = new Uint32Array(this.#words.length * 2);
    larger.set(this.#words);
    this.#words = larger;
  }
}
