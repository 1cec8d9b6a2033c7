import type { RecordMemory, WordMemory } from "../../linux/record-memory.js";
import type { ConnectionRecord } from "../../linux/records.gen.js";
import type { SocketCookie, SocketReading, Tuple } from "../../model/sample.js";
import { KernelReading } from "./kernel-reading.js";
import { RecordCopies, type Slot } from "./record-copies.js";
import { readTuple } from "./tuples.js";

/** Walks between two sweeps: sweeping after each would cost as much as the walk's own look-ups. */
const WALKS_PER_SWEEP = 16;
const NOWHERE = -1;

/** A socket with its connection at hand. */
interface KnownSocket {
  readonly cookie: SocketCookie;
  readonly incarnation: number;
  /** Text, made once: it costs more than all the counters together. */
  readonly tuple: Tuple;
  /** What the last walk that met it read, and where a copy of that record is; null before one has. */
  reading: KernelReading | null;
  slot: Slot | null;
  /** Its place in that walk, or nowhere. */
  place: number;
  /** The last walk that was there when it was spoken of. */
  walk: number;
}

/**
 * The TCP sockets that walks and events have spoken of, with their last readings. Most sockets of a host are quiet, and
 * walks meet them in nearly the same order each time: of one that comes where it is expected, and says what it said, only
 * the bytes are compared. What the last walk before a sweep did not meet is swept out.
 */
export class KnownSockets {
  readonly #known = new Map<SocketCookie, KnownSocket>();
  readonly #copies = new RecordCopies();
  #walk = 0;
  #revision = 0;
  /** In the order of this walk, and of the one before, which the next socket is guessed from. */
  #order: KnownSocket[] = [];
  #guesses: KnownSocket[] = [];
  #place = 0;

  beginWalk(): void {
    this.#walk += 1;
    [this.#order, this.#guesses] = [this.#guesses, this.#order];
    this.#order.length = 0;
    this.#place = 0;
    if (this.#walk % WALKS_PER_SWEEP === 0) this.#sweep();
  }

  /** What a walk says of a socket: the same object as the last time, at a later time, while it says the same. */
  walked(record: ConnectionRecord, memory: WordMemory): SocketReading {
    const guess = this.#guesses[this.#place];
    const repeated = guess === undefined ? null : this.#repeated(guess, record, memory);
    if (guess !== undefined && repeated !== null) {
      this.#takePlace(guess);
      return repeated;
    }
    const socket = this.#socketOf(record, memory);
    const reading = this.#repeated(socket, record, memory) ?? this.#read(socket, record, memory);
    this.#takePlace(socket);
    return reading;
  }

  /** The two ends of a record's connection. */
  tupleOf(record: ConnectionRecord, memory: RecordMemory): Tuple {
    return this.#socketOf(record, memory).tuple;
  }

  /** For a connection that has closed. */
  forget(cookie: SocketCookie): void {
    const socket = this.#known.get(cookie);
    if (socket !== undefined) this.#remove(socket);
  }

  #repeated(socket: KnownSocket, record: ConnectionRecord, memory: WordMemory): SocketReading | null {
    const { reading, slot } = socket;
    if (reading === null || slot === null || !this.#copies.isSame(slot, memory, record.at)) return null;
    reading.repeat(record);
    return reading;
  }

  #read(socket: KnownSocket, record: ConnectionRecord, memory: WordMemory): SocketReading {
    this.#revision += 1;
    const reading = new KernelReading(record, socket.tuple, this.#revision);
    socket.slot ??= this.#copies.take();
    this.#copies.put(socket.slot, memory, record.at);
    socket.reading = reading;
    return reading;
  }

  #takePlace(socket: KnownSocket): void {
    if (socket.place !== NOWHERE) this.#place = socket.place + 1;
    socket.place = this.#order.length;
    socket.walk = this.#walk;
    this.#order.push(socket);
  }

  #socketOf(record: ConnectionRecord, memory: RecordMemory): KnownSocket {
    const { cookie, incarnation } = record;
    const known = this.#known.get(cookie);
    if (known?.incarnation === incarnation) {
      known.walk = this.#walk;
      return known;
    }
    if (known !== undefined) this.#remove(known);
    const tuple = readTuple(memory, record.tupleAt);
    const socket = {
      cookie,
      incarnation,
      tuple,
      reading: null,
      slot: null,
      place: NOWHERE,
      walk: this.#walk,
    };
    this.#known.set(cookie, socket);
    return socket;
  }

  /** A walk may still guess it: without its reading it is taken for nothing. */
  #remove(socket: KnownSocket): void {
    this.#known.delete(socket.cookie);
    if (socket.slot !== null) this.#copies.release(socket.slot);
    socket.slot = null;
    socket.reading = null;
  }

  #sweep(): void {
    for (const socket of this.#known.values()) if (socket.walk < this.#walk - 1) this.#remove(socket);
  }
}
