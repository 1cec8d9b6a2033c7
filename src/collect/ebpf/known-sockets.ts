import type { RecordMemory } from "../../linux/record-memory.js";
import type { ConnectionRecord, RestingRecord } from "../../linux/records.gen.js";
import type { Holder, SocketCookie, SocketReading, Tuple } from "../../model/sample.js";
import { KernelReading } from "./kernel-reading.js";
import { readTuple } from "./tuples.js";

/** Walks between two sweeps: sweeping after each would cost as much as all else. */
const WALKS_PER_SWEEP = 16;
/** The kernel numbers walks from 1. */
const NO_WALK = 0;

/** A socket with its connection at hand. */
interface KnownSocket {
  readonly cookie: SocketCookie;
  readonly incarnation: number;
  /** Text, made once: it costs more than all the counters together. */
  readonly tuple: Tuple;
  /** What the last walk that read it said; null before one has, and when it is over. */
  reading: KernelReading | null;
  /** Who held it in the last walk over files, of several the one that was met first. */
  holder: Holder | null;
  /** The last walk that was there when it was spoken of. */
  walk: number;
}

/** What a walk over files told of, in its order. */
interface Walked {
  readonly sockets: SocketReading[];
  readonly holders: Holder[];
}

/**
 * The TCP sockets that walks and events have spoken of, with their last readings. Of most sockets a walk over files tells
 * only the place that they had in the one before (bpf/resting.h): their readings are those of then, at a later time. What the
 * last walk before a sweep did not meet is swept out.
 */
export class KnownSockets {
  readonly #known = new Map<SocketCookie, KnownSocket>();
  #walk = 0;
  #revision = 0;
  /** The sockets of the walk over files at hand, by their places; and of the last that was read to its end. */
  #places: KnownSocket[] = [];
  #basePlaces: KnownSocket[] = [];
  /** What the kernel calls the latter. */
  #baseWalk = NO_WALK;

  beginWalk(): void {
    this.#walk += 1;
    this.#places.length = 0;
    if (this.#walk % WALKS_PER_SWEEP === 0) this.#sweep();
  }

  /** Takes the next socket of the walk over files, and who holds it. */
  place(record: ConnectionRecord, memory: RecordMemory, holder: Holder): SocketReading {
    const socket = this.#socketOf(record, memory);
    socket.holder = holder;
    this.#places.push(socket);
    return this.#read(socket, record);
  }

  /** Takes the next sockets of the walk over files: they say what they said in the last one. */
  placeResting(resting: RestingRecord, { sockets, holders }: Walked): void {
    const { place, count, baseWalk, firstNs, firstClock } = resting;
    if (baseWalk !== this.#baseWalk || place + count > this.#basePlaces.length)
      throw new RangeError(`the kernel refers to places that no walk had: ${count} from ${place}`);
    const steps = Math.max(1, count - 1);
    const stepNs = (resting.lastNs - firstNs) / steps;
    const stepClock = (resting.lastClock - firstClock) / steps;
    for (let index = 0; index < count; index++) {
      const socket = this.#basePlaces[place + index];
      if (socket === undefined) break;
      this.#places.push(socket);
      socket.walk = this.#walk;
      const { reading, holder } = socket;
      // Its end has been heard since the kernel came by.
      if (reading === null || holder === null) continue;
      reading.repeat(Math.floor(firstNs + index * stepNs), Math.floor(firstClock + index * stepClock));
      holders.push(holder);
      sockets.push(reading);
    }
  }

  /** The walk over files has been read to its end: the next may refer to the places in it. */
  endWalk(walk: number): void {
    [this.#places, this.#basePlaces] = [this.#basePlaces, this.#places];
    this.#baseWalk = walk;
  }

  /** Takes a socket of the walk over what no file holds. */
  readOther(record: ConnectionRecord, memory: RecordMemory): SocketReading {
    return this.#read(this.#socketOf(record, memory), record);
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

  #read(socket: KnownSocket, record: ConnectionRecord): SocketReading {
    this.#revision += 1;
    const reading = new KernelReading(record, socket.tuple, this.#revision);
    socket.reading = reading;
    return reading;
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
    const socket = { cookie, incarnation, tuple, reading: null, holder: null, walk: this.#walk };
    this.#known.set(cookie, socket);
    return socket;
  }

  /** It may still have its place: without its reading it is taken for nothing. */
  #remove(socket: KnownSocket): void {
    this.#known.delete(socket.cookie);
    socket.reading = null;
  }

  #sweep(): void {
    for (const socket of this.#known.values()) if (socket.walk < this.#walk - 1) this.#remove(socket);
  }
}
