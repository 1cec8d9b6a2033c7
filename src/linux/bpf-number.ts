import { lastErrno, libbpf } from "./libbpf.js";
import { SystemCallError } from "./libc.js";

const FIRST_KEY = new Uint8Array(4);
const ANY = 0;

/** A 64-bit number that user space sets and programs read: a BPF array with one element. */
export class BpfNumber {
  readonly #fd: number;
  readonly #value = new BigUint64Array(1);

  constructor(fd: number) {
    this.#fd = fd;
  }

  set(value: number): void {
    this.#value[0] = BigInt(value);
    if (libbpf().updateElement(this.#fd, FIRST_KEY, this.#value, ANY) !== 0)
      throw new SystemCallError("bpf_map_update_elem", lastErrno());
  }
}
