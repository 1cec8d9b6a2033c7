import type { SocketCookie } from "../../model/sample.js";

const NONE: readonly SocketCookie[] = [];

/**
 * Which connections have which inode for their sockets' file. Nearly always one: but the subflows of an MPTCP socket have
 * the same.
 */
export class SocketInodes {
  readonly #cookies = new Map<number, readonly SocketCookie[]>();

  #added = 0;

  /** How many have been added so far: when that grows, there is something new. */
  get added(): number {
    return this.#added;
  }

  add(inode: number, cookie: SocketCookie): void {
    this.#added += 1;
    this.#cookies.set(inode, [...this.cookiesOf(inode), cookie]);
  }

  remove(inode: number, cookie: SocketCookie): void {
    const rest = this.cookiesOf(inode).filter((other) => other !== cookie);
    if (rest.length === 0) this.#cookies.delete(inode);
    else this.#cookies.set(inode, rest);
  }

  has(inode: number): boolean {
    return this.#cookies.has(inode);
  }

  cookiesOf(inode: number): readonly SocketCookie[] {
    return this.#cookies.get(inode) ?? NONE;
  }
}
