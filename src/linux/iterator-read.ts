import { closeSync, read } from "node:fs";

import type { Iterator } from "./bpf-object.js";
import { type RecordMemory, recordMemory } from "./record-memory.js";

/** The kernel hands an iterator's output out in pieces of at most eight pages. */
const PIECE_BYTES = 32 * 1024;

/**
 * Takes whole records from the start of what was read, and returns how many bytes they were. What is left comes again, with more
 * after it. The memory is used again for the next piece.
 */
export type TakeRecords = (memory: RecordMemory, bytes: number) => number;

/**
 * Reads walks of iterators piece by piece, so that no walk, however large the host, keeps the thread that draws. Reads run on
 * Node's thread pool.
 */
export class IteratorReader {
  readonly #memory = recordMemory(new ArrayBuffer(2 * PIECE_BYTES));

  /** Walks once; one walk at a time. */
  async walk(iterator: Iterator, take: TakeRecords): Promise<void> {
    const fd = iterator.open();
    try {
      let left = 0;
      for (;;) {
        const length = await this.#readPiece(fd, left);
        if (length === 0) break;
        const bytes = left + length;
        const taken = take(this.#memory, bytes);
        this.#memory.bytes.copyWithin(0, taken, bytes);
        left = bytes - taken;
      }
      if (left > 0) throw new RangeError(`an iterator ended within a record, after ${left} bytes of it`);
    } finally {
      closeSync(fd);
    }
  }

  #readPiece(fd: number, at: number): Promise<number> {
    return new Promise((resolve, reject) => {
      read(fd, this.#memory.bytes, at, PIECE_BYTES, null, (error, length) => {
        if (error === null) resolve(length);
        // A socket table that changes while it is walked can make one piece fail; the walk goes on.
        else if (error.code === "EAGAIN" || error.code === "EINTR")
          this.#readPiece(fd, at).then(resolve, reject);
        else reject(error);
      });
    });
  }
}
