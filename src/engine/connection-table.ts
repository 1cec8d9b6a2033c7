import type { Connection, Suspect } from "../model/connection.js";
import { connectionId, isListening } from "../model/connection.js";
import type { ClosedReading, ConnectionKey, LateOwner, Sample, SocketReading } from "../model/sample.js";
import type { Snapshot } from "../model/snapshot.js";
import type { EndReason, SocketState } from "../model/tcp.js";
import { ClosedMemory } from "./closed-memory.js";
import { ClosedRows } from "./closed-rows.js";
import { Holdings } from "./holding.js";
import { InterfaceTraffic } from "./interface-traffic.js";
import type { Interval } from "./measure.js";
import { measure } from "./measure.js";
import { Names } from "./names.js";
import { OpenRows } from "./open-rows.js";
import { hearContext } from "./ownership.js";
import { ProtocolTraffic } from "./protocol-traffic.js";
import type { Row } from "./row.js";
import { createRow, takeClose, takeOpening, takeReading } from "./row.js";
import { isResting, showResting, showRow } from "./row-connection.js";
import { StateCounts } from "./state-counts.js";
import { isSuspect, missWalk, pickSuspects } from "./suspicion.js";
import { ClosedCount } from "./traffic.js";

export interface ConnectionTableOptions {
  /** How long closed connections stay in the snapshots, in ms; with 0 each is in exactly one. */
  readonly lingerMs: number;
  /** Rows at most, open and lingering; connections beyond are counted as `Snapshot.untracked`. Default 1,000,000. */
  readonly maxConnections?: number;
  /** Suspects at most after one sample. Default 1,000. */
  readonly maxSuspects?: number;
}

/** Longer than the mini-sockets of FIN_WAIT2 last at most; 2 x 131,072 sockets are some 20 MB. */
const CLOSED_MEMORY = { retentionNs: 120e9, sockets: 131_072 };

/** Sockets, holders or rows between two pauses: a few ms at the most. */
const STEP = 2000;

/**
 * Joins samples into connections: totals, rates, owners, birth and end. A pure state machine: time comes with the
 * samples, and the same samples give the same snapshots.
 *
 * A connection is a socket cookie and an incarnation. It has one row from the first word on it to the last, and that row is
 * closed exactly once: by the record of its close, by a later incarnation of its socket, or by a look-up that finds it
 * gone; never by absence from walks, which may skip a socket.
 */
export class ConnectionTable {
  readonly #maxConnections: number;
  readonly #maxSuspects: number;
  readonly #open = new OpenRows();
  readonly #closed: ClosedRows;
  readonly #closedMemory = new ClosedMemory(CLOSED_MEMORY);
  readonly #closedCount = new ClosedCount();
  readonly #names = new Names();
  readonly #states = new StateCounts();
  readonly #traffic = new ProtocolTraffic();
  readonly #interfaces = new InterfaceTraffic();
  /** Rows that a later incarnation has replaced in this sample, by id: their close records may still come. */
  readonly #superseded = new Map<string, Row>();
  readonly #untracked = new Set<ConnectionKey>();
  #suspects: readonly Suspect[] = [];
  #tick = 0;
  #readNs = 0;
  #previousReadNs: number | null = null;

  constructor(options: ConnectionTableOptions) {
    this.#maxConnections = options.maxConnections ?? 1_000_000;
    this.#maxSuspects = options.maxSuspects ?? 1_000;
    this.#closed = new ClosedRows(options.lingerMs);
  }

  /** Takes the next sample. */
  apply(sample: Sample): Snapshot {
    const steps = this.applyInSteps(sample);
    for (;;) {
      const step = steps.next();
      if (step.done) return step.value;
    }
  }

  /**
   * The same in steps of a few ms each, however many connections there are, so that others can have their turn between
   * them. Until the last one, nothing else is to be asked of the table.
   */
  *applyInSteps(sample: Sample): Generator<undefined, Snapshot, undefined> {
    this.#begin(sample);
    let done = 0;
    for (const reading of sample.sockets) {
      this.#walked(reading);
      if (++done % STEP === 0) yield;
    }
    for (const reading of sample.opened) this.#opened(reading);
    for (const reading of sample.closed) this.#closedByRecord(reading);
    this.#closeSuperseded();
    this.#hearLateOwners(sample.lateOwners);
    for (const cookie of sample.gone) this.#gone(cookie);
    const snapshot = yield* this.#showInSteps(sample);
    this.#previousReadNs = sample.readNs;
    return snapshot;
  }

  /** Whom to look up before the next sample, which reports those that are gone in `Sample.gone`. */
  suspects(): readonly Suspect[] {
    return this.#suspects;
  }

  #begin(sample: Sample): void {
    this.#tick += 1;
    this.#readNs = sample.readNs;
    this.#closed.expire(sample.readNs);
    this.#closedMemory.age(sample.readNs);
    this.#untracked.clear();
    this.#names.beginSample(sample);
    this.#open.beginWalk();
  }

  #walked(reading: SocketReading): void {
    if (isWithoutConnection(reading.state)) return;
    const row = this.#open.follow(reading.cookie);
    if (row?.incarnation === reading.incarnation) takeReading(row, reading, this.#tick);
    else this.#track(reading, "values");
  }

  #opened(reading: SocketReading): void {
    const row = this.#openRow(reading);
    if (row === undefined) this.#track(reading, "opened");
    else takeOpening(row, reading, this.#tick);
  }

  /** A close record comes once for each connection, in the order of the incarnations: also for one that had no row. */
  #closedByRecord(reading: ClosedReading): void {
    const row = this.#openRow(reading) ?? this.#supersededRow(reading) ?? this.#unheardOf(reading);
    if (row === undefined) return;
    takeClose(row, reading, this.#tick);
    if (!isListening(reading)) this.#closedCount.addReported();
    this.#close(row, reading.endReason, reading.readNs);
  }

  /** A look-up says little of a connection that was heard of since, or of a later one on the same socket. */
  #gone(cookie: ConnectionKey): void {
    const row = this.#open.get(cookie);
    if (row !== undefined && isSuspect(row)) this.#closeUnseen(row);
  }

  #openRow({ cookie, incarnation }: SocketReading): Row | undefined {
    const row = this.#open.get(cookie);
    return row?.incarnation === incarnation ? row : undefined;
  }

  #supersededRow({ cookie, incarnation }: SocketReading): Row | undefined {
    return this.#superseded.size === 0 ? undefined : this.#superseded.get(connectionId(cookie, incarnation));
  }

  /** A row for a connection first heard of by its close record. */
  #unheardOf(reading: ClosedReading): Row | undefined {
    if (reading.incarnation <= this.#closedMemory.closedUpTo(reading.cookie)) return undefined;
    this.#supersede(reading);
    this.#untracked.delete(reading.cookie);
    return createRow(reading, "values", this.#tick);
  }

  /** A row for a connection first heard of by a walk or by its opening; none for one that is over. */
  #track(reading: SocketReading, news: "opened" | "values"): void {
    const { cookie, incarnation } = reading;
    const isBehind = (this.#open.get(cookie)?.incarnation ?? incarnation) > incarnation;
    if (isBehind || incarnation <= this.#closedMemory.closedUpTo(cookie)) return;
    this.#supersede(reading);
    if (this.#hasRoom()) this.#open.add(createRow(reading, news, this.#tick));
    else this.#untracked.add(cookie);
  }

  /** A later incarnation tells that the connection before it has ended. */
  #supersede({ cookie, incarnation }: SocketReading): void {
    const row = this.#open.get(cookie);
    if (row === undefined || row.incarnation >= incarnation) return;
    this.#open.remove(row);
    this.#superseded.set(row.id, row);
  }

  #closeSuperseded(): void {
    for (const row of this.#superseded.values()) this.#closeUnseen(row);
  }

  #closeUnseen(row: Row): void {
    if (!row.isListening) this.#closedCount.addFoundOut();
    this.#close(row, "unknown", null);
  }

  #close(row: Row, reason: EndReason, closedNs: number | null): void {
    row.end = { reason, closedNs, tick: this.#tick, reportedNs: this.#readNs };
    this.#open.remove(row);
    this.#superseded.delete(row.id);
    this.#closedMemory.remember(row.cookie, row.incarnation);
    this.#closed.add(row);
  }

  #hearLateOwners(lateOwners: readonly LateOwner[]): void {
    for (const { cookie, incarnation, owner } of lateOwners) {
      const row = this.#open.get(cookie);
      if (row?.incarnation === incarnation) hearContext(row, owner);
    }
    this.#closed.hearLateOwners(lateOwners);
  }

  /** Closed rows that have been shown make room for open ones; rows that are open stay. */
  #hasRoom(): boolean {
    return (
      this.#open.size + this.#closed.size < this.#maxConnections || this.#closed.giveUpOldest(this.#tick)
    );
  }

  *#showInSteps(sample: Sample): Generator<undefined, Snapshot, undefined> {
    const holdings = new Holdings(this.#open, this.#tick);
    let done = 0;
    for (const holder of sample.holders ?? []) {
      holdings.note(holder);
      if (++done % STEP === 0) yield;
    }
    const interval: Interval = { fromNs: this.#previousReadNs, toNs: sample.readNs };
    const connections: Connection[] = [];
    const due: Row[] = [];
    for (const row of this.#open) {
      if (this.#isDue(row, sample)) due.push(row);
      connections.push(this.#showRow(row, holdings, interval));
      if (++done % STEP === 0) yield;
    }
    for (const row of this.#closed) connections.push(this.#showRow(row, holdings, interval));
    this.#suspects = pickSuspects(due, this.#maxSuspects, this.#tick);
    return this.#snapshot(sample, connections);
  }

  /** Whether a walk that should have seen it has not, so that it has to be looked up. */
  #isDue(row: Row, { stalled }: Sample): boolean {
    return row.heardTick !== this.#tick && stalled === null && missWalk(row, this.#tick);
  }

  #showRow(row: Row, holdings: Holdings, interval: Interval): Connection {
    const isOver = row.end !== null && row.end.tick !== this.#tick;
    if (!isOver) holdings.hear(row);
    if (this.#names.hasNews || !isResting(row)) this.#names.hear(row);
    const resting = showResting(row);
    if (resting !== null) return resting;
    measure(row, interval, this.#traffic.of(row.latest.proto));
    const shown = showRow(row, this.#tick);
    this.#states.take(row, shown);
    return shown;
  }

  #snapshot(sample: Sample, connections: readonly Connection[]): Snapshot {
    const { timeMs, readNs, folded, missedEvents, stalled } = sample;
    return {
      timeMs,
      readNs,
      intervalMs: this.#previousReadNs === null ? null : (readNs - this.#previousReadNs) / 1e6,
      connections,
      untracked: this.#untracked.size,
      totals: {
        open: this.#open.size - this.#states.listening,
        listening: this.#states.listening,
        states: this.#states.counts(),
        closed: this.#closedCount.total(folded),
        ...this.#traffic.totals(sample),
      },
      processes: this.#names.processes,
      interfaces: this.#interfaces.totals(sample),
      folded,
      missedEvents,
      lost: sample.lost ?? null,
      stalled,
    };
  }
}

/** What walks show of sockets that are no connection, or none any more: TIME_WAIT is a mini-socket without counters. */
function isWithoutConnection(state: SocketState): boolean {
  return state === "TIME_WAIT" || state === "CLOSE";
}
