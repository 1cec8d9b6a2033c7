/**
 * A peer takes its number a moment before it is in the map, so one walk may be too early for it; the next comes an interval
 * later.
 */
const WALKS = 2;

/**
 * Whether the map of UDP sockets' peers is known to be empty: most hosts have none, and to look into each of its 262,144
 * buckets takes the kernel 3 ms.
 */
export class EmptyFlows {
  readonly #readMade: (() => number) | null;
  #made = 0;
  #emptyWalks = 0;

  /** `readMade`: how many peers there have been; null where nobody counts. */
  constructor(readMade: (() => number) | null) {
    this.#readMade = readMade;
  }

  /** To be asked before each walk; when it is so, the walk can be left out. */
  isKnown(): boolean {
    const made = this.#readMade?.() ?? null;
    if (made === null) return false;
    if (made !== this.#made) this.#emptyWalks = 0;
    this.#made = made;
    return this.#emptyWalks >= WALKS;
  }

  /** A walk has met so many. */
  walked(flows: number): void {
    this.#emptyWalks = flows === 0 ? this.#emptyWalks + 1 : 0;
  }
}
