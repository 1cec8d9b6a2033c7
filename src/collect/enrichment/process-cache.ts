import type { ProcessDetails } from "../../model/process-details.js";
import type { ProcessReading, ReadProcess } from "./process-reader.js";

export interface ProcessCacheOptions {
  /** As many processes are read at the same time as there are readers; without any, nothing is ever known. */
  readonly readers: readonly ReadProcess[];
  /** A clock in ms that is never set. */
  readonly nowMs: () => number;
  /** Processes known at most; of more nothing is known. Default 32,768. */
  readonly maxProcesses?: number;
  /** Processes that wait to be read at most; of more the requests are dropped. Default 8,192. */
  readonly maxWaiting?: number;
}

interface Entry {
  /** The last sample that named it. */
  tick: number;
  /** As a holder: another name means another program. Null until it was one. */
  comm: string | null;
  reading: ProcessReading | null;
  isGone: boolean;
  isWaiting: boolean;
  /** When to look again, and how long after that. */
  dueMs: number;
  refreshMs: number;
}

/** A process changes while it is young (exec, setuid, into its cgroup): it is looked at again after as long as it has lived. */
const FIRST_REFRESH_MS = 1000;
const LAST_REFRESH_MS = 60_000;
/** Samples after which what they did not name is forgotten. */
const FORGET_AFTER = 4;

/**
 * What is known of processes, by pid. Never waited for: whoever names a process gets what is known now, and what is
 * missing is read in the background. A request that finds the queue full is dropped; the next sample asks again.
 */
export class ProcessCache {
  readonly #nowMs: () => number;
  readonly #maxProcesses: number;
  readonly #maxWaiting: number;
  readonly #idleReaders: ReadProcess[];
  readonly #readers: number;
  readonly #entries = new Map<number, Entry>();
  readonly #waiting = new Set<number>();
  readonly #whenIdle: (() => void)[] = [];
  #pause: { readonly over: Promise<void>; readonly end: () => void } | null = null;
  #known: ReadonlyMap<number, ProcessDetails> = new Map();
  #isChanged = false;
  #tick = 0;

  constructor(options: ProcessCacheOptions) {
    this.#nowMs = options.nowMs;
    this.#maxProcesses = options.readers.length === 0 ? 0 : (options.maxProcesses ?? 32_768);
    this.#maxWaiting = options.maxWaiting ?? 8192;
    this.#idleReaders = [...options.readers];
    this.#readers = options.readers.length;
  }

  /** To be called once a sample, before its processes are named. */
  beginSample(): void {
    this.#tick += 1;
    if (this.#tick % FORGET_AFTER === 0 || this.#entries.size > this.#maxProcesses / 2) this.#forget();
  }

  /** Names a process that has a socket open now, by its present name. */
  hearHolder(pid: number, comm: string): void {
    const entry = this.#entries.get(pid) ?? this.#add(pid);
    if (entry === null) return;
    const isOther = entry.comm !== null && entry.comm !== comm;
    entry.comm = comm;
    // It is there, so one that was not is another.
    this.#hear(pid, entry, isOther || entry.isGone);
  }

  /** Names a process that had to do with a connection, and may be gone. */
  hearContext(pid: number): void {
    const entry = this.#entries.get(pid) ?? this.#add(pid);
    if (entry !== null) this.#hear(pid, entry, false);
  }

  /** Begins no further reading until `resume`: for a time in which others need the CPU. Twice is once. */
  pause(): void {
    if (this.#pause !== null) return;
    let end = () => {};
    const over = new Promise<void>((resolve) => {
      end = resolve;
    });
    this.#pause = { over, end };
  }

  resume(): void {
    this.#pause?.end();
    this.#pause = null;
  }

  /** What is known now; the same map while nothing changes. */
  known(): ReadonlyMap<number, ProcessDetails> {
    if (!this.#isChanged) return this.#known;
    const known = new Map<number, ProcessDetails>();
    for (const [pid, { reading }] of this.#entries) if (reading !== null) known.set(pid, reading.details);
    this.#known = known;
    this.#isChanged = false;
    return known;
  }

  /** The last looks at all that is known and there. */
  *readings(): Iterable<ProcessReading> {
    for (const { reading, isGone } of this.#entries.values()) if (reading !== null && !isGone) yield reading;
  }

  /** A process that is in each network namespace, by inode, as far as that is known. */
  namespaceMembers(): ReadonlyMap<number, number> {
    const members = new Map<number, number>();
    for (const [pid, { reading, isGone }] of this.#entries) {
      if (reading !== null && reading.netns !== null && !isGone) members.set(reading.netns, pid);
    }
    return members;
  }

  /** Resolves as soon as nothing waits to be read. */
  idle(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#isIdle()) resolve();
      else this.#whenIdle.push(resolve);
    });
  }

  #add(pid: number): Entry | null {
    if (this.#entries.size >= this.#maxProcesses) return null;
    const entry: Entry = {
      tick: this.#tick,
      comm: null,
      reading: null,
      isGone: false,
      isWaiting: false,
      dueMs: 0,
      refreshMs: 0,
    };
    this.#entries.set(pid, entry);
    return entry;
  }

  #hear(pid: number, entry: Entry, isNews: boolean): void {
    // Its pid may have been used again while nobody looked.
    const isBack = entry.tick < this.#tick - 1;
    entry.tick = this.#tick;
    if (isNews || isBack) entry.dueMs = 0;
    if (!entry.isWaiting && (entry.dueMs === 0 || entry.dueMs <= this.#nowMs())) this.#ask(pid, entry);
  }

  #ask(pid: number, entry: Entry): void {
    const reader = this.#idleReaders.pop();
    if (reader === undefined && this.#waiting.size >= this.#maxWaiting) return;
    entry.isWaiting = true;
    if (reader === undefined) this.#waiting.add(pid);
    else void this.#readOn(reader, pid);
  }

  /** Reads that process, and then whatever waits. */
  async #readOn(reader: ReadProcess, first: number): Promise<void> {
    let pid: number | undefined = first;
    while (pid !== undefined) {
      if (this.#pause !== null) await this.#pause.over;
      const entry = this.#entries.get(pid);
      if (entry !== undefined) this.#take(pid, entry, await reader(pid).catch(() => null));
      [pid] = this.#waiting;
      if (pid !== undefined) this.#waiting.delete(pid);
    }
    this.#idleReaders.push(reader);
    if (this.#isIdle()) for (const resolve of this.#whenIdle.splice(0)) resolve();
  }

  #isIdle(): boolean {
    return this.#idleReaders.length === this.#readers;
  }

  #take(pid: number, entry: Entry, reading: ProcessReading | null): void {
    const before = entry.reading;
    const isSame = reading !== null && reading.startTicks === before?.startTicks;
    entry.isWaiting = false;
    entry.isGone = reading === null;
    const restMs = reading === null ? 2 * entry.refreshMs : reading.ageMs;
    entry.refreshMs = Math.min(Math.max(restMs, FIRST_REFRESH_MS), LAST_REFRESH_MS);
    // Spread out: what was read together would else be due together ever after.
    entry.dueMs = this.#nowMs() + entry.refreshMs * (0.75 + (pid % 64) / 128);
    // What has ended keeps what was known of it.
    if (reading === null) return;
    entry.reading = isSame && before !== null ? settled(before, reading) : reading;
    if (entry.reading.details !== before?.details || entry.reading.netns !== before.netns)
      this.#isChanged = true;
  }

  #forget(): void {
    for (const [pid, { tick, isWaiting, reading }] of this.#entries) {
      if (isWaiting || tick > this.#tick - FORGET_AFTER) continue;
      this.#entries.delete(pid);
      if (reading !== null) this.#isChanged = true;
    }
  }
}

/** Another look at the same process: what has not changed stays the same object, and its start the same number. */
function settled(before: ProcessReading, reading: ProcessReading): ProcessReading {
  const { startedNs } = before.details;
  const { cmdline, user, cgroup, container } = reading.details;
  const isSame =
    before.details.cmdline === cmdline &&
    before.details.user === user &&
    before.details.cgroup === cgroup &&
    before.details.container === container;
  return {
    ...reading,
    details: isSame ? before.details : { startedNs, cmdline, user, cgroup, container },
  };
}
