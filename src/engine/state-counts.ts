import { type Connection, isListening } from "../model/connection.js";
import type { Row } from "./row.js";

/** Beside the names of states, which are in capitals. */
const LISTENING = "listening";

/** How many open connections are in which state: kept as rows change, which is cheaper than to count them all. */
export class StateCounts {
  readonly #counts = new Map<string, number>();

  /** Counts a row as it is shown now. */
  take(row: Row, shown: Connection): void {
    const state = countedState(shown);
    if (state === row.countedState) return;
    if (row.countedState !== null) this.#add(row.countedState, -1);
    if (state !== null) this.#add(state, 1);
    row.countedState = state;
  }

  get listening(): number {
    return this.#counts.get(LISTENING) ?? 0;
  }

  /** Of what does not listen: those states that there are, as they are now. */
  counts(): ReadonlyMap<string, number> {
    return new Map([...this.#counts].filter(([state]) => state !== LISTENING));
  }

  #add(state: string, change: 1 | -1): void {
    const count = (this.#counts.get(state) ?? 0) + change;
    if (count === 0) this.#counts.delete(state);
    else this.#counts.set(state, count);
  }
}

/** UDP's states say only whether there is a peer. */
function countedState(connection: Connection): string | null {
  if (connection.closed) return null;
  if (isListening(connection)) return LISTENING;
  return connection.proto === "udp" ? "UDP" : connection.state;
}
