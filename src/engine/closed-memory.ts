import type { ConnectionKey } from "../model/sample.js";

/** How long, in ns since boot, and how many at least: whichever ends first. */
export interface ClosedMemoryBounds {
  readonly retentionNs: number;
  readonly sockets: number;
}

const NONE = -1;

/**
 * Remembers up to which incarnation each socket's connections have closed, so that none closes twice, and late walks
 * and the mini-sockets that outlive a connection (FIN_WAIT2: up to tcp_fin_timeout, which is at most 120 s) do not
 * reopen it.
 *
 * Two generations, so that forgetting costs nothing: what was neither closed nor asked for within one is gone with it.
 */
export class ClosedMemory {
  readonly #bounds: ClosedMemoryBounds;
  #young = new Map<ConnectionKey, number>();
  #old = new Map<ConnectionKey, number>();
  #youngSinceNs = Number.NEGATIVE_INFINITY;

  constructor(bounds: ClosedMemoryBounds) {
    this.#bounds = bounds;
  }

  remember(cookie: ConnectionKey, incarnation: number): void {
    this.#young.set(cookie, Math.max(incarnation, this.closedUpTo(cookie)));
  }

  /** The highest incarnation known to be closed; -1 for none. Asking keeps the memory fresh. */
  closedUpTo(cookie: ConnectionKey): number {
    const young = this.#young.get(cookie);
    if (young !== undefined) return young;
    const old = this.#old.get(cookie);
    if (old === undefined) return NONE;
    this.#young.set(cookie, old);
    return old;
  }

  /** To be called once a sample. */
  age(nowNs: number): void {
    const isFull = this.#young.size >= this.#bounds.sockets;
    if (!isFull && nowNs - this.#youngSinceNs < this.#bounds.retentionNs) return;
    this.#old = this.#young;
    this.#young = new Map();
    this.#youngSinceNs = nowNs;
  }
}
