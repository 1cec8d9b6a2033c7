import { libbpf } from "./libbpf.js";
import { type RecordMemory, recordMemory } from "./record-memory.js";

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

  /** Takes an entry out, with nothing lost between the look and the removal (5.14). Null when it is gone already. */
  take(key: Uint8Array): RecordMemory | null {
    return libbpf().lookUpAndDelete(this.#fd, key, this.#value) === 0 ? this.#memory : null;
  }
}
