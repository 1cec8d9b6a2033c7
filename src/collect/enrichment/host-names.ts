import { Resolver } from "node:dns/promises";
import { isIP } from "node:net";

import { nameInHostsFile } from "./hosts-file.js";

/** Asks for the names of an address; rejects when it has none, or nobody answers. */
export type Reverse = (address: string) => Promise<readonly string[]>;

export interface HostNamesOptions {
  readonly reverse: Reverse;
  /** A clock in ms that is never set. */
  readonly nowMs: () => number;
  /** Told when a name has become known. */
  readonly onName?: () => void;
  /** Addresses known at most; those asked for longest ago are forgotten. Default 4,096. */
  readonly maxKnown?: number;
  /** Addresses that wait at most; of more the requests are dropped. Default 256. */
  readonly maxWaiting?: number;
}

interface Entry {
  readonly name: string | null;
  readonly untilMs: number;
}

const PARALLEL = 4;
const NAME_MS = 10 * 60_000;
/** A server that was down may be up again. */
const NO_NAME_MS = 60_000;
/** RFC 1035, 2.3.4. */
const MAX_NAME_LENGTH = 255;
const HOST_NAME = /^\w(?:[\w.-]*\w)?$/;
const TIMEOUT_MS = 1000;

/**
 * What hosts are called, by DNS: as whoever owns the address says. Nobody waits for it: an address that is not known yet
 * has no name, is asked for in the background, and has one the next time. A request that finds the queue full is dropped.
 */
export class HostNames {
  readonly #reverse: Reverse;
  readonly #nowMs: () => number;
  readonly #onName: (() => void) | undefined;
  readonly #maxKnown: number;
  readonly #maxWaiting: number;
  /** The most recently wanted last. */
  readonly #known = new Map<string, Entry>();
  readonly #waiting = new Set<string>();
  readonly #asked = new Set<string>();

  constructor(options: HostNamesOptions) {
    this.#reverse = options.reverse;
    this.#nowMs = options.nowMs;
    this.#onName = options.onName;
    this.#maxKnown = options.maxKnown ?? 4096;
    this.#maxWaiting = options.maxWaiting ?? 256;
  }

  /** The name that is known now, of letters as host names have them; else null. */
  nameOf(address: string): string | null {
    if (isWithoutName(address)) return null;
    const entry = this.#known.get(address);
    if (entry === undefined || entry.untilMs <= this.#nowMs()) this.#want(address);
    if (entry === undefined) return null;
    this.#known.delete(address);
    this.#known.set(address, entry);
    return entry.name;
  }

  #want(address: string): void {
    if (this.#asked.has(address) || this.#waiting.size >= this.#maxWaiting) return;
    this.#waiting.add(address);
    this.#askNext();
  }

  #askNext(): void {
    for (const address of this.#waiting) {
      if (this.#asked.size >= PARALLEL) return;
      this.#waiting.delete(address);
      this.#asked.add(address);
      void this.#ask(address);
    }
  }

  async #ask(address: string): Promise<void> {
    const name = await this.#firstName(address);
    this.#asked.delete(address);
    this.#remember(address, {
      name,
      untilMs: this.#nowMs() + (name === null ? NO_NAME_MS : NAME_MS),
    });
    this.#askNext();
    if (name !== null) this.#onName?.();
  }

  async #firstName(address: string): Promise<string | null> {
    try {
      const [name = ""] = await this.#reverse(address);
      return isHostName(name) ? name : null;
    } catch {
      return null;
    }
  }

  #remember(address: string, entry: Entry): void {
    this.#known.delete(address);
    this.#known.set(address, entry);
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= this.#maxKnown) return;
      this.#known.delete(oldest);
    }
  }
}

/** Asks the servers that this host is configured with, without Node's thread pool: the walks need that. */
export function systemReverse(): Reverse {
  const resolver = new Resolver({ timeout: TIMEOUT_MS, tries: 1 });
  return async (address) => {
    const names = await resolver.reverse(address);
    if (names.length > 0) return names;
    // Of an address that /etc/hosts has, Node.js tells the aliases only: as a rule none.
    const name = await nameInHostsFile(address);
    return name === null ? [] : [name];
  };
}

/**
 * Whoever has an address says what it is called. What is not a name as hosts have them (RFC 1123; underscores occur) could pass for
 * another address, or for other columns.
 */
function isHostName(name: string): boolean {
  return HOST_NAME.test(name) && name.length <= MAX_NAME_LENGTH && isIP(name) === 0;
}

/** Loopback and the address of nobody: everybody knows those better by number. */
function isWithoutName(address: string): boolean {
  return address === "::1" || address === "::" || address === "0.0.0.0" || address.startsWith("127.");
}
