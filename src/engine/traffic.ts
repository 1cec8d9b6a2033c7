import type { Folded } from "../model/sample.js";
import type { TrafficTotals } from "../model/snapshot.js";
import { perSecond } from "./rates.js";

export interface TrafficTotal {
  readonly count: number;
  /** Per second; null in the first sample, and while the collector is stalled. */
  readonly rate: number | null;
}

/**
 * What all connections together moved in one direction, or had to send again. The exact sum can go back by a byte with a counter that does;
 * what is shown waits until the sum has caught up, so that it never goes back and is still exact afterwards.
 */
export class Traffic {
  #sum = 0;
  #shown = 0;
  #baseShown = 0;
  #baseNs: number | null = null;

  /** Adds what one connection counted since its last reading. */
  add(count: number): void {
    this.#sum += count;
  }

  /**
   * The total at the end of a sample. A stalled sample lacks sockets, so its rate is unknown; the next one that is whole
   * measures over all the time since the last that was.
   */
  total(folded: number, readNs: number, isStalled: boolean): TrafficTotal {
    this.#shown = Math.max(this.#shown, this.#sum + folded);
    if (isStalled) return { count: this.#shown, rate: null };
    const rate =
      this.#baseNs === null ? null : perSecond(this.#shown - this.#baseShown, readNs - this.#baseNs);
    this.#baseShown = this.#shown;
    this.#baseNs = readNs;
    return { count: this.#shown, rate };
  }
}

/** Bytes in both directions, and the segments that were sent again. */
export class DuplexTraffic {
  readonly tx = new Traffic();
  readonly rx = new Traffic();
  readonly retrans = new Traffic();

  /** As `Traffic.total`, of the bytes. */
  totals(folded: FoldedBytes, readNs: number, isStalled: boolean): TrafficTotals {
    const tx = this.tx.total(folded.txBytes, readNs, isStalled);
    const rx = this.rx.total(folded.rxBytes, readNs, isStalled);
    return { txBytes: tx.count, rxBytes: rx.count, txRate: tx.rate, rxRate: rx.rate };
  }
}

type FoldedBytes = Pick<Folded, "txBytes" | "rxBytes">;

/** Folds nothing. */
export const NOTHING_FOLDED: FoldedBytes = { txBytes: 0, rxBytes: 0 };

/** Counts ends of connections: those reported, those found out, and those folded. */
export class ClosedCount {
  #reported = 0;
  #foundOut = 0;

  addReported(): void {
    this.#reported += 1;
  }

  addFoundOut(): void {
    this.#foundOut += 1;
  }

  /**
   * A connection whose close was folded counts among the folded, and once more among those found out if it had a
   * row. Which of them did is not known, so the larger number stands for both: exact while nothing is folded, and
   * while no state change is missed.
   */
  total(folded: Folded): number {
    return this.#reported + Math.max(this.#foundOut, folded.connections);
  }
}
