/** Names by inode of a network namespace, and index of a device. */
export type KnownDevices = ReadonlyMap<number, ReadonlyMap<number, string>>;

/** What the devices of a namespace that have these indexes are called; null where it can't be looked into. */
export type LookUpDevices = (netns: number, indexes: Iterable<number>) => ReadonlyMap<number, string> | null;

export interface DeviceNamesOptions {
  readonly lookUp: LookUpDevices;
  /** A clock in ms that is never set. */
  readonly nowMs: () => number;
  /** Namespaces known at most; of more nothing is known. Default 4,096. */
  readonly maxNamespaces?: number;
}

interface Namespace {
  /** The last sample that named it. */
  tick: number;
  /** Indexes that were asked for last, and those named since. */
  asked: ReadonlySet<number>;
  heard: Set<number>;
  names: ReadonlyMap<number, string>;
  /** When to ask again, and how long after that. */
  dueMs: number;
  restMs: number;
}

/** Nobody tells of a device that is renamed, or comes by an index again, in another namespace. */
const REFRESH_MS = 10_000;
/** A way into a namespace may become known a moment later. */
const FIRST_RETRY_MS = 500;
/** Samples after which what they did not name is forgotten. */
const FORGET_AFTER = 4;

/** What network devices are called: looked up a few namespaces at a time, and kept while samples name them. */
export class DeviceNames {
  readonly #lookUp: LookUpDevices;
  readonly #nowMs: () => number;
  readonly #maxNamespaces: number;
  readonly #namespaces = new Map<number, Namespace>();
  #known: KnownDevices = new Map();
  #isChanged = false;
  #tick = 0;

  constructor(options: DeviceNamesOptions) {
    this.#lookUp = options.lookUp;
    this.#nowMs = options.nowMs;
    this.#maxNamespaces = options.maxNamespaces ?? 4096;
  }

  /** To be called once a sample, before its devices are named. */
  beginSample(): void {
    this.#tick += 1;
    if (this.#tick % FORGET_AFTER !== 0) return;
    for (const [netns, { tick }] of this.#namespaces) {
      if (tick > this.#tick - FORGET_AFTER) continue;
      this.#namespaces.delete(netns);
      this.#isChanged = true;
    }
  }

  /** Names a device that a socket uses. */
  hear(netns: number, index: number): void {
    const namespace = this.#namespaces.get(netns) ?? this.#add(netns);
    if (namespace === null) return;
    namespace.tick = this.#tick;
    namespace.heard.add(index);
    if (!namespace.asked.has(index)) namespace.dueMs = 0;
  }

  /** That devices of this namespace came, went, or were renamed. */
  hearChange(netns: number): void {
    const namespace = this.#namespaces.get(netns);
    if (namespace !== undefined) namespace.dueMs = 0;
  }

  /** Asks for what is due, in at most so many namespaces: those first that have not been asked for longest. */
  lookAround(limit: number): void {
    const nowMs = this.#nowMs();
    let left = limit;
    for (const [netns, namespace] of this.#namespaces) {
      if (namespace.dueMs > nowMs) continue;
      if (left === 0) return;
      left -= 1;
      this.#namespaces.delete(netns);
      this.#namespaces.set(netns, namespace);
      this.#ask(netns, namespace);
      // Spread out: what was looked up together would else be due together ever after.
      namespace.dueMs = nowMs + namespace.restMs * (0.75 + (netns % 64) / 128);
    }
  }

  /** What is known now; the same map while nothing changes. */
  known(): KnownDevices {
    if (!this.#isChanged) return this.#known;
    this.#isChanged = false;
    this.#known = new Map([...this.#namespaces].map(([netns, { names }]) => [netns, names]));
    return this.#known;
  }

  #add(netns: number): Namespace | null {
    if (this.#namespaces.size >= this.#maxNamespaces) return null;
    const namespace: Namespace = {
      tick: this.#tick,
      asked: new Set(),
      heard: new Set(),
      names: new Map(),
      dueMs: 0,
      restMs: 0,
    };
    this.#namespaces.set(netns, namespace);
    return namespace;
  }

  #ask(netns: number, namespace: Namespace): void {
    namespace.asked = namespace.heard;
    namespace.heard = new Set();
    const names = this.#lookUp(netns, namespace.asked);
    namespace.restMs =
      names === null ? Math.min(Math.max(2 * namespace.restMs, FIRST_RETRY_MS), REFRESH_MS) : REFRESH_MS;
    if (names === null || sameNames(names, namespace.names)) return;
    namespace.names = names;
    this.#isChanged = true;
  }
}

function sameNames(a: ReadonlyMap<number, string>, b: ReadonlyMap<number, string>): boolean {
  if (a.size !== b.size) return false;
  for (const [index, name] of a) if (b.get(index) !== name) return false;
  return true;
}
