import type { Connection } from "../../model/connection.js";
import type { Snapshot } from "../../model/snapshot.js";

/** One moment of one conversation, or of all; null where it was not known. */
export interface Moment {
  readonly txRate: number | null;
  readonly rxRate: number | null;
  readonly rttUs: number | null;
}

/** As many as the widest chart shows: two for each of 300 columns. */
const MOMENTS = 600;
/** Of more connections there is no history: those seen longest ago are forgotten. */
const CONNECTIONS = 1000;

/** What was, in order, the newest last; bounded. */
export class Past {
  readonly #moments: Moment[] = [];
  /** Of each: the number of its snapshot. */
  readonly #ticks: number[] = [];

  add(moment: Moment, tick: number): void {
    this.#moments.push(moment);
    this.#ticks.push(tick);
    if (this.#moments.length <= MOMENTS) return;
    this.#moments.shift();
    this.#ticks.shift();
  }

  /** All up to a snapshot, by its number. */
  until(tick: number): readonly Moment[] {
    return this.#moments.slice(0, this.#ticks.findLastIndex((one) => one <= tick) + 1);
  }
}

/** What has been on the screen: the host's totals, and the connections that were worth a look. */
export class History {
  #tick = 0;
  readonly totals = new Past();
  /** The most recently seen last. */
  readonly #connections = new Map<string, Past>();

  /** The number of the newest snapshot, from 1 on. */
  get tick(): number {
    return this.#tick;
  }

  /** Takes a snapshot; of its connections only those in `watched` (what the screen shows). */
  add(snapshot: Snapshot, watched: Iterable<Connection>): void {
    this.#tick += 1;
    const { txRate, rxRate } = snapshot.totals;
    this.totals.add({ txRate, rxRate, rttUs: null }, this.#tick);
    for (const { id, txRate, rxRate, rttUs } of watched) {
      const past = this.#connections.get(id) ?? new Past();
      past.add({ txRate, rxRate, rttUs }, this.#tick);
      this.#connections.delete(id);
      this.#connections.set(id, past);
    }
    for (const oldest of this.#connections.keys()) {
      if (this.#connections.size <= CONNECTIONS) break;
      this.#connections.delete(oldest);
    }
  }

  of(connectionId: string, untilTick: number): readonly Moment[] {
    return this.#connections.get(connectionId)?.until(untilTick) ?? [];
  }
}
