import { setTimeout as sleep } from "node:timers/promises";

import { type SocketHolder, walkSocketHolders } from "../../linux/proc-fd.js";
import { Pace } from "../../linux/proc-pace.js";

/** After a search that took longer there is a rest as long as the search was: it must not take more than half of a CPU. */
const SHORT_MS = 500;

/**
 * Searches the descriptors of all processes for the holders of sockets. On a host with millions of descriptors that takes
 * seconds: it then goes on between samples, and some samples have no holders.
 */
export class HolderSearch {
  readonly #procFolder: string;
  readonly #isWanted: (inode: number) => boolean;
  readonly #end = new AbortController();
  #running: Promise<readonly SocketHolder[]> | null = null;
  #restUntilMs = 0;

  /** `isWanted` is asked during the search, which can outlast a sample. */
  constructor(procFolder: string, isWanted: (inode: number) => boolean) {
    this.#procFolder = procFolder;
    this.#isWanted = isWanted;
  }

  /** The holders found by the search that was under way, or by a new one; null while it goes on, and while it rests. */
  async find(pids: readonly number[], patienceMs: number): Promise<readonly SocketHolder[] | null> {
    if (this.#running === null && performance.now() < this.#restUntilMs) return null;
    this.#running ??= this.#search(pids);
    const patience = new AbortController();
    const impatience = sleep(patienceMs, null, { signal: patience.signal }).catch(() => null);
    const holders = await Promise.race([this.#running, impatience]);
    patience.abort();
    if (holders !== null) this.#running = null;
    return holders;
  }

  close(): void {
    this.#end.abort();
  }

  async #search(pids: readonly number[]): Promise<readonly SocketHolder[]> {
    const startMs = performance.now();
    const holders = await walkSocketHolders({
      procFolder: this.#procFolder,
      pids,
      isWanted: this.#isWanted,
      pace: new Pace(),
      signal: this.#end.signal,
    });
    const endMs = performance.now();
    if (endMs - startMs > SHORT_MS) this.#restUntilMs = 2 * endMs - startMs;
    return holders;
  }
}
