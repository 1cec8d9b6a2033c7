import { ownNetworkNamespace } from "../../linux/network-namespaces.js";
import type { SocketDumps } from "../../linux/socket-dumps.js";
import type { SocketInodes } from "../proc/socket-inodes.js";
import { NamespaceFinder } from "./namespace-finder.js";
import { WatchedNamespace } from "./watched-namespace.js";

/** Which namespaces: to enter others than one's own takes a privilege. */
export type NamespaceScope = "all" | "own";

/** Keeps the namespaces open that there are. */
export class WatchedNamespaces {
  readonly #dumps: SocketDumps;
  readonly #inodes: SocketInodes;
  readonly #finder: NamespaceFinder | null;
  readonly #watched = new Map<number, WatchedNamespace>();
  #overflowsOfGone = 0;

  /** Opens our own at once. @throws the system's error where that can't be. */
  constructor(scope: NamespaceScope, dumps: SocketDumps, inodes: SocketInodes) {
    this.#dumps = dumps;
    this.#inodes = inodes;
    this.#finder = scope === "all" ? new NamespaceFinder() : null;
    this.#open(ownNetworkNamespace(), null);
  }

  [Symbol.iterator](): IterableIterator<WatchedNamespace> {
    return this.#watched.values();
  }

  get(netns: number): WatchedNamespace | undefined {
    return this.#watched.get(netns);
  }

  /** How often messages of a socket's end found no room. */
  get overflows(): number {
    let overflows = this.#overflowsOfGone;
    for (const namespace of this.#watched.values()) overflows += namespace.overflows;
    return overflows;
  }

  /**
   * Opens those that are new, and gives those back in which there is nobody any more: they are to be let go when their last
   * words have been heard. `pids` are those of all processes.
   */
  refresh(pids: readonly number[]): readonly WatchedNamespace[] {
    if (this.#finder === null) return [];
    const found = this.#finder.find(pids);
    for (const [netns, path] of found) {
      if (!this.#watched.has(netns)) this.#tryToOpen(netns, path);
    }
    return [...this.#watched.values()].filter(({ netns }) => !found.has(netns));
  }

  letGo(namespace: WatchedNamespace): void {
    this.#overflowsOfGone += namespace.overflows;
    this.#watched.delete(namespace.netns);
    this.#dumps.letGo(namespace.netns);
    namespace.close();
  }

  close(): void {
    for (const namespace of this.#watched.values()) namespace.close();
    this.#watched.clear();
  }

  /** One that has gone meanwhile, or that is not ours to enter, is tried again as long as it is found. */
  #tryToOpen(netns: number, path: string | null): void {
    try {
      this.#open(netns, path);
    } catch {
      // Tried again with the next sample.
    }
  }

  #open(netns: number, path: string | null): void {
    this.#watched.set(netns, WatchedNamespace.open(netns, path, this.#inodes));
    this.#dumps.open(netns, path);
  }
}
