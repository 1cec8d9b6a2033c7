import type { RecordMemory } from "./record-memory.js";

/** Called with each whole message; `memory` is only valid during the call. */
export type TakeMessage = (memory: RecordMemory, at: number, length: number) => void;

const LENGTH_BYTES = 4;
/** The kernel fills at most 32 KiB at once, and no message is longer than that. */
const MOST_BYTES = 64 * 1024;

/** Splits a stream of netlink messages, cut anywhere, into messages: each tells its length, and begins at a multiple of 4. */
export class NetlinkStream {
  readonly #take: TakeMessage;
  /** The beginning of a message whose rest has not come yet. */
  #rest: Buffer = Buffer.alloc(0);

  constructor(take: TakeMessage) {
    this.#take = take;
  }

  push(chunk: Buffer): void {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const memory = memoryOf(bytes);
    let at = 0;
    while (at + LENGTH_BYTES <= bytes.length) {
      const length = memory.view.getUint32(at, true);
      if (length < LENGTH_BYTES || length > MOST_BYTES)
        throw new RangeError(`a netlink message of ${length} bytes`);
      const next = at + ((length + 3) & ~3);
      if (next > bytes.length) break;
      this.#take(memory, at, length);
      at = next;
    }
    this.#rest = at === bytes.length ? Buffer.alloc(0) : Buffer.from(bytes.subarray(at));
  }
}

export function memoryOf(bytes: Buffer): RecordMemory {
  return { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength) };
}
