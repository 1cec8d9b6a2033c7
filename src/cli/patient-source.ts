import { setTimeout as sleep } from "node:timers/promises";
import type { NetworkCollector } from "../collect/network-collector.js";
import { ConnectionTable } from "../engine/connection-table.js";
import type { Sample } from "../model/sample.js";
import { emptySnapshot, type Snapshot, stalledSnapshot } from "../model/snapshot.js";
import { inTurns } from "./in-turns.js";

/** Snapshots of a collector that may not answer: until it does, what is known is shown again, and says so. */
export class PatientSource {
  readonly #collector: NetworkCollector;
  readonly #patienceMs: number;
  readonly #table: ConnectionTable;
  #pending: { readonly sample: Promise<Sample>; readonly sinceMs: number } | null = null;
  #latest: Snapshot = emptySnapshot();

  /** `patienceMs`: how long an answer may take; `lingerMs`: how long connections stay that have ended. */
  constructor(collector: NetworkCollector, patienceMs: number, lingerMs = 0) {
    this.#collector = collector;
    this.#patienceMs = patienceMs;
    this.#table = new ConnectionTable({ lingerMs });
  }

  async next(): Promise<Snapshot> {
    this.#pending ??= { sample: this.#collector.sample(this.#table.suspects()), sinceMs: Date.now() };
    const { sinceMs } = this.#pending;
    const patience = new AbortController();
    const impatience = sleep(this.#patienceMs, null, { signal: patience.signal }).catch(() => null);
    const sample = await Promise.race([this.#pending.sample, impatience]);
    patience.abort();
    if (sample === null) {
      return stalledSnapshot(this.#latest, Date.now(), { what: "the kernel does not answer", sinceMs });
    }
    this.#pending = null;
    this.#latest = await inTurns(this.#table.applyInSteps(sample));
    return this.#latest;
  }
}
