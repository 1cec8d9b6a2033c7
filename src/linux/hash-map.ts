import { lastErrno, libbpf } from "./libbpf.js";
import { type RecordMemory, recordMemory } from "./record-memory.js";

/** include/linux/errno.h: what a kernel before 5.14 says that can't do both at once. */
const ENOTSUPP = 524;

/** A BPF hash that user space takes entries out of. */
export class BpfHashMap {
  readonly #fd: number;
  readonly #value: Uint8Array<ArrayBuffer>;
  readonly #memory: RecordMemory;

  constructor(fd: number, valueBytes: number) {
    this.#fd = fd;
    this.#value = new Uint8Array(valueBytes);
    this.#memory = recordMemory(this.#value.buffer);
  }

  /** At most `limit` of the keys that are in it. Some may come or go meanwhile; then some may be there twice. */
  keys(keyBytes: number, limit: number): readonly Uint8Array[] {
    const keys: Uint8Array[] = [];
    const next = new Uint8Array(keyBytes);
    while (keys.length < limit && libbpf().nextKey(this.#fd, keys.at(-1) ?? null, next) === 0)
      keys.push(next.slice());
    return keys;
  }

  /**
   * Takes an entry out, with nothing lost between the look and the removal (5.14; what comes within those microseconds is lost
   * before). Null when it is gone already.
   */
  take(key: Uint8Array): RecordMemory | null {
    if (libbpf().lookUpAndDelete(this.#fd, key, this.#value) === 0) return this.#memory;
    if (lastErrno() !== ENOTSUPP || libbpf().lookUpElement(this.#fd, key, this.#value) !== 0) return null;
    return libbpf().deleteElement(this.#fd, key) === 0 ? this.#memory : null;
  }
}
