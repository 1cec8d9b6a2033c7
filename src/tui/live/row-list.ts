import type { Connection } from "../../model/connection.js";
import type { Group } from "../../view/group/group.js";
import type { SortedRows } from "../../view/sorted-rows.js";

/** A line of the table; `key` names it from tick to tick. */
export type LiveRow =
  | {
      readonly kind: "connection";
      readonly key: string;
      readonly connection: Connection;
      /** The other end, where both are on this host and one row: then `connection` is the client's. */
      readonly server: Connection | null;
      /** Whether it stands below the group that it belongs to. */
      readonly isIndented: boolean;
    }
  | { readonly kind: "group"; readonly key: string; readonly group: Group; readonly isOpen: boolean };

/** The lines of the table in order, whether they are made by now or not. */
export interface RowList {
  readonly length: number;
  at(index: number): LiveRow | null;
  slice(from: number, to: number): readonly LiveRow[];
  /** The row of that key, and where it stands; null for one that is not there. */
  find(key: string): LiveRow | null;
  indexOf(key: string): number | null;
  all(): readonly LiveRow[];
}

/** Lines that are there. */
export class MadeRows implements RowList {
  readonly #rows: readonly LiveRow[];

  constructor(rows: readonly LiveRow[]) {
    this.#rows = rows;
  }

  get length(): number {
    return this.#rows.length;
  }

  at(index: number): LiveRow | null {
    return this.#rows[index] ?? null;
  }

  slice(from: number, to: number): readonly LiveRow[] {
    return this.#rows.slice(from, to);
  }

  find(key: string): LiveRow | null {
    return this.#rows.find((row) => row.key === key) ?? null;
  }

  indexOf(key: string): number | null {
    const index = this.#rows.findIndex((row) => row.key === key);
    return index < 0 ? null : index;
  }

  all(): readonly LiveRow[] {
    return this.#rows;
  }
}

/** A line for each connection: sorted and made as far as somebody looks. */
export class ConnectionRows implements RowList {
  readonly #sorted: SortedRows<Connection>;

  constructor(sorted: SortedRows<Connection>) {
    this.#sorted = sorted;
  }

  get length(): number {
    return this.#sorted.length;
  }

  at(index: number): LiveRow | null {
    return this.slice(index, index + 1)[0] ?? null;
  }

  slice(from: number, to: number): readonly LiveRow[] {
    return this.#sorted.slice(from, to).map((connection) => connectionRow(connection));
  }

  find(key: string): LiveRow | null {
    const connection = this.#sorted.find(({ id }) => id === key);
    return connection === null ? null : connectionRow(connection);
  }

  indexOf(key: string): number | null {
    return this.#sorted.indexOf(({ id }) => id === key);
  }

  all(): readonly LiveRow[] {
    return this.slice(0, this.length);
  }
}

/** The line of a connection, or of both its ends. */
export function connectionRow(
  connection: Connection,
  server: Connection | null = null,
  isIndented = false,
): LiveRow {
  return { kind: "connection", key: connection.id, connection, server, isIndented };
}
