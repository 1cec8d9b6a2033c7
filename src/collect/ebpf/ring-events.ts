import type { RecordMemory } from "../../linux/record-memory.js";
import { CallRecord, ConnectionRecord, RECORD_KIND } from "../../linux/records.gen.js";
import type { RingBuffer } from "../../linux/ring-buffer.js";
import type { ClosedReading, LateOwner, Owner, SocketReading } from "../../model/sample.js";
import { KernelClosedReading, KernelReading } from "./kernel-reading.js";
import type { KnownSockets } from "./known-sockets.js";
import { lateOwnerOf } from "./owner-records.js";
import { type SocketCall, socketCallOf } from "./socket-call.js";
import type { UdpFlows } from "./udp/udp-flows.js";

/** What came through the ring since it was last taken. */
export interface Events {
  readonly opened: readonly SocketReading[];
  readonly closed: readonly ClosedReading[];
  readonly lateOwners: readonly LateOwner[];
}

/** Records held between two samples at most, some 60 MB: an hour between samples must not cost the host its memory. */
const MAX_HELD = 100_000;

/** Collects the ring's records between samples: drained more often than samples are taken, the ring can stay small. */
export class RingEvents {
  readonly #ring: Pick<RingBuffer, "drain">;
  readonly #known: KnownSockets;
  readonly #hearOwner: (owner: Owner) => void;
  readonly #hearCall: (call: SocketCall) => void;
  readonly #udp: UdpFlows;
  #opened: SocketReading[] = [];
  #closed: ClosedReading[] = [];
  #lateOwners: LateOwner[] = [];

  /** `hearOwner` is told at once who opened or closed what, `hearCall` of each call where programs report them. */
  constructor(
    ring: Pick<RingBuffer, "drain">,
    known: KnownSockets,
    udp: UdpFlows,
    hearOwner: (owner: Owner) => void = () => undefined,
    hearCall: (call: SocketCall) => void = () => undefined,
  ) {
    this.#ring = ring;
    this.#known = known;
    this.#udp = udp;
    this.#hearOwner = hearOwner;
    this.#hearCall = hearCall;
  }

  /** Makes room in the ring. When enough is held it leaves the ring to fill, and the kernel to fold what follows. */
  drain(): void {
    if (this.#opened.length + this.#closed.length < MAX_HELD) this.#drainAll();
  }

  /** Drains once more and hands over all that has come. */
  take(): Events {
    this.#drainAll();
    const events = { opened: this.#opened, closed: this.#closed, lateOwners: this.#lateOwners };
    this.#opened = [];
    this.#closed = [];
    this.#lateOwners = [];
    return events;
  }

  #drainAll(): void {
    this.#ring.drain((memory, at) => this.#take(memory, at));
  }

  #take(memory: RecordMemory, at: number): void {
    const record = new ConnectionRecord(memory, at);
    switch (record.kind) {
      case RECORD_KIND.RECORD_OPEN:
        this.#opened.push(this.#heard(new KernelReading(record, this.#known.tupleOf(record, memory))));
        break;
      case RECORD_KIND.RECORD_CLOSE:
        this.#closed.push(this.#heard(new KernelClosedReading(record, this.#known.tupleOf(record, memory))));
        this.#known.forget(record.cookie);
        break;
      case RECORD_KIND.RECORD_UDP_END: {
        const end = this.#udp.end(memory, at);
        if (end !== null) this.#closed.push(end);
        break;
      }
      case RECORD_KIND.RECORD_OWNER: {
        const late = lateOwnerOf(record);
        if (late !== null) this.#lateOwners.push(late);
        break;
      }
      case RECORD_KIND.RECORD_SEND:
      case RECORD_KIND.RECORD_RECEIVE:
        this.#hearCall(socketCallOf(new CallRecord(memory, at), memory));
        break;
    }
  }

  #heard<Reading extends SocketReading>(reading: Reading): Reading {
    if (reading.owner !== null) this.#hearOwner(reading.owner);
    return reading;
  }
}
