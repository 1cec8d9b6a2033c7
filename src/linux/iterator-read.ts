import { closeSync, read } from "node:fs";

import type { Iterator } from "./bpf-object.js";
import { recordMemory, type WordMemory } from "./record-memory.js";

/** The kernel hands an iterator's output out in pieces of at most eight pages. */
const PIECE_BYTES = 32 * 1024;
const START_BYTES = 8 * PIECE_BYTES;

/**
 * Reads whole walks of iterators into one buffer that is used again and grows with the host. Reads run on Node's
 * thread pool, never on the thread that draws.
 */
export class IteratorReader {
  #buffer = new ArrayBuffer(START_BYTES);

  /** Walks once. The records are valid until the next call. */
  async walk(iterator: Iterator): Promise<{ readonly memory: WordMemory; readonly bytes: number }> {
    const fd = iterator.open();
    try {
      let bytes = 0;
      for (;;) {
        const length = await this.#readPiece(fd, bytes);
        if (length === 0) return { memory: recordMemory(this.#buffer), bytes };
        bytes += length;
      }
    } finally {
      closeSync(fd);
    }
  }

  #readPiece(fd: number, at: number): Promise<number> {
    if (this.#buffer.byteLength - at < PIECE_BYTES) this.#grow(at);
    const into = new Uint8Array(this.#buffer, at);
    return new Promise((resolve, reject) => {
      read(fd, into, 0, into.length, null, (error, length) => {
        if (error === null) resolve(length);
        // A socket table that changes while it is walked can make one piece fail; the walk goes on.
        else if (error.code === "EAGAIN" || error.code === "EINTR")
          this.#readPiece(fd, at).then(resolve, reject);
        else reject(error);
      });
    });
  }

  #grow(used: number): void {
    const larger = new ArrayBuffer(this.#buffer.byteLength * 2);
    new Uint8Array(larger).set(new Uint8Array(this.#buffer, 0, used));
    this.#buffer = larger;
  }
}
