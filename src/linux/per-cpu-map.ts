import { lastErrno, libbpf } from "./libbpf.js";
import { SystemCallError } from "./libc.js";
import { type RecordMemory, recordMemory } from "./record-memory.js";

const ENOENT = 2;
const KEY_BYTES = 4;

/** Reads a per-CPU hash or array with 32-bit keys. Values are read in place, one for each possible CPU. */
export class PerCpuMap {
  readonly #fd: number;
  readonly #stride: number;
  readonly #values: Uint8Array<ArrayBuffer>;
  readonly #memory: RecordMemory;

  constructor(fd: number, valueBytes: number) {
    this.#fd = fd;
    this.#stride = Math.ceil(valueBytes / 8) * 8;
    this.#values = new Uint8Array(this.#stride * libbpf().possibleCpus());
    this.#memory = recordMemory(this.#values.buffer);
  }

  /** Calls `consume` with each CPU's value of each key. */
  forEach(consume: (memory: RecordMemory, at: number) => void): void {
    const next = new Uint8Array(KEY_BYTES);
    let key: Uint8Array | null = null;
    while (libbpf().nextKey(this.#fd, key, next) === 0) {
      key = next.slice();
      if (!this.#lookUp(key)) continue;
      for (let at = 0; at < this.#values.length; at += this.#stride) consume(this.#memory, at);
    }
  }

  #lookUp(key: Uint8Array): boolean {
    if (libbpf().lookUpElement(this.#fd, key, this.#values) === 0) return true;
    const errno = lastErrno();
    if (errno === ENOENT) return false;
    throw new SystemCallError("bpf_map_lookup_elem", errno);
  }
}
