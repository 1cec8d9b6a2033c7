import { isListening } from "../../model/connection.js";
import type { Snapshot } from "../../model/snapshot.js";

export type StateCounts = readonly (readonly [state: string, count: number])[];

/** A header is drawn with each key; counting 100,000 connections once is enough. */
const counted = new WeakMap<Snapshot, StateCounts>();

/** How many open connections are in which state, the most first; UDP's have none. */
export function stateCounts(snapshot: Snapshot): StateCounts {
  const known = counted.get(snapshot);
  if (known !== undefined) return known;
  const made = countStates(snapshot);
  counted.set(snapshot, made);
  return made;
}

function countStates({ connections }: Snapshot): StateCounts {
  const counts = new Map<string, number>();
  for (const connection of connections) {
    if (connection.closed || isListening(connection)) continue;
    const name = connection.proto === "udp" ? "UDP" : connection.state;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].sort(([, a], [, b]) => b - a);
}
