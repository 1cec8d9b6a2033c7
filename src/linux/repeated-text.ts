import { readText } from "./record-memory.js";

/** Reads names that are nearly always the same as the last time, without making a text of each. */
export class RepeatedText {
  #bytes = Buffer.alloc(0);
  #text: string | null = null;

  /** The name in a fixed array, up to its NUL; null for an empty one. */
  read(bytes: Buffer, at: number, size: number): string | null {
    if (!this.#isSame(bytes, at, size)) {
      this.#bytes = Buffer.from(bytes.subarray(at, at + size));
      this.#text = readText(bytes, at, size) || null;
    }
    return this.#text;
  }

  #isSame(bytes: Buffer, at: number, size: number): boolean {
    const known = this.#bytes;
    if (known.length !== size) return false;
    for (let index = 0; index < size; index++) {
      if (known[index] !== bytes[at + index]) return false;
      if (known[index] === 0) return true;
    }
    return true;
  }
}
