const NONE: readonly number[] = [];

/**
 * Which connections have which inode for their sockets' file. Nearly always one: but the subflows of an MPTCP socket have
 * the same.
 */
export class SocketInodes {
  readonly #cookies = new Map<number, readonly number[]>();

  add(inode: number, cookie: number): void {
    this.#cookies.set(inode, [...this.cookiesOf(inode), cookie]);
  }

  remove(inode: number, cookie: number): void {
    const rest = this.cookiesOf(inode).filter((other) => other !== cookie);
    if (rest.length === 0) this.#cookies.delete(inode);
    else this.#cookies.set(inode, rest);
  }

  has(inode: number): boolean {
    return this.#cookies.has(inode);
  }

  cookiesOf(inode: number): readonly number[] {
    return this.#cookies.get(inode) ?? NONE;
  }
}
