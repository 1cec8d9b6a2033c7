import type { ConnectionKey } from "../model/sample.js";
import type { Row } from "./row.js";

/**
 * The rows of open connections by cookie. Walks meet sockets in nearly the same order each time, so that the row that
 * comes next is guessed from the walk before: that costs a fraction of a look-up in a Map of 100,000.
 */
export class OpenRows {
  readonly #rows = new Map<ConnectionKey, Row>();
  /** The rows in the order of this walk; each knows its place in it. */
  #order: Row[] = [];
  /** The order that the next row is guessed from, and the place of the guess. */
  #guesses: readonly Row[] = [];
  #place = 0;

  get size(): number {
    return this.#rows.size;
  }

  [Symbol.iterator](): IterableIterator<Row> {
    return this.#rows.values();
  }

  get(cookie: ConnectionKey): Row | undefined {
    return this.#rows.get(cookie);
  }

  add(row: Row): void {
    this.#rows.set(row.cookie, row);
    row.isOpen = true;
    this.#takePlace(row);
  }

  /** Takes the row out, if it is there. */
  remove(row: Row): void {
    if (!row.isOpen) return;
    this.#rows.delete(row.cookie);
    row.isOpen = false;
  }

  /** Starts to follow a walk. */
  beginWalk(): void {
    this.#guesses = this.#order;
    this.#order = [];
    this.#place = 0;
  }

  /** The row of the next socket of the walk. */
  follow(cookie: ConnectionKey): Row | undefined {
    const row = this.#guess(cookie);
    if (row !== undefined) this.#takePlace(row);
    return row;
  }

  /** Starts to follow another list that is likely to have the order of the walk. */
  beginList(): void {
    this.#guesses = this.#order;
    this.#place = 0;
  }

  /** The row of the next socket of the list. */
  seek(cookie: ConnectionKey): Row | undefined {
    return this.#guess(cookie);
  }

  #guess(cookie: ConnectionKey): Row | undefined {
    const guess = this.#guesses[this.#place];
    const row = guess?.isOpen && guess.cookie === cookie ? guess : this.#rows.get(cookie);
    if (row !== undefined) this.#place = row.place + 1;
    return row;
  }

  #takePlace(row: Row): void {
    row.place = this.#order.length;
    this.#order.push(row);
  }
}
