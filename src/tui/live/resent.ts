import type { Snapshot } from "../../model/snapshot.js";

/** How many segments are sent again each second, over all connections, from one snapshot to the next. */
export class ResentMeter {
  /** By connection: only of those that ever had to. Null before the first snapshot. */
  #counts: ReadonlyMap<string, number> | null = null;

  /** Null in the first snapshot, and where the interval is not known. What was sent again before tcptop ran is not in it. */
  look({ connections, intervalMs, stalled }: Snapshot): number | null {
    // Nothing was read: not nothing sent again.
    if (stalled !== null) return null;
    const before = this.#counts;
    const counts = new Map<string, number>();
    let resent = 0;
    for (const { id, retrans } of connections) {
      if (retrans === null || retrans === 0) continue;
      counts.set(id, retrans);
      resent += Math.max(0, retrans - (before?.get(id) ?? 0));
    }
    this.#counts = counts;
    return before === null || intervalMs === null || intervalMs <= 0 ? null : (resent * 1000) / intervalMs;
  }
}
