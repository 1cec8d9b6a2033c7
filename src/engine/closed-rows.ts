import { connectionId } from "../model/connection.js";
import type { LateOwner } from "../model/sample.js";
import { hearContext } from "./ownership.js";
import type { Row } from "./row.js";

/** The connections that closed and are still shown, in the order in which their ends were reported. */
export class ClosedRows {
  readonly #lingerNs: number;
  readonly #rows = new Set<Row>();

  constructor(lingerMs: number) {
    this.#lingerNs = lingerMs * 1e6;
  }

  get size(): number {
    return this.#rows.size;
  }

  [Symbol.iterator](): IterableIterator<Row> {
    return this.#rows.values();
  }

  add(row: Row): void {
    this.#rows.add(row);
  }

  /** Gives up the rows whose time is over. Measured on the boot clock, since the wall clock can be set. */
  expire(nowNs: number): void {
    for (const row of this.#rows) {
      if (this.#lingers(row, nowNs)) return;
      this.#rows.delete(row);
    }
  }

  /** Gives up the oldest row to make room, unless it has not been shown yet; tells whether it did. */
  giveUpOldest(tick: number): boolean {
    for (const row of this.#rows) {
      return row.end?.tick !== tick && this.#rows.delete(row);
    }
    return false;
  }

  /** Amends the owners of the rows that they belong to; what is gone already is past amending. */
  hearLateOwners(lateOwners: readonly LateOwner[]): void {
    if (lateOwners.length === 0) return;
    const rows = new Map([...this.#rows].map((row) => [row.id, row]));
    for (const { cookie, incarnation, owner } of lateOwners) {
      const row = rows.get(connectionId(cookie, incarnation));
      if (row !== undefined) hearContext(row, owner);
    }
  }

  #lingers(row: Row, nowNs: number): boolean {
    return row.end !== null && this.#lingerNs > 0 && nowNs - row.end.reportedNs <= this.#lingerNs;
  }
}
