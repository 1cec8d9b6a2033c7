import type { RecordMemory } from "../../linux/record-memory.js";
import {
  type ConnectionRecord,
  DIRECTION,
  type HolderRecord,
  OWNER_SOURCE,
  RECORD_FLAGS,
} from "../../linux/records.gen.js";
import type {
  ClosedReading,
  Holder,
  LateOwner,
  Owner,
  OwnerSource,
  SocketReading,
} from "../../model/sample.js";
import { TCP_STATES, type TcpState } from "../../model/tcp.js";
import { endReason } from "./end-reason.js";
import type { TupleCache } from "./tuples.js";

/** `min_rtt_us` before the first measurement: minmax_reset() in tcp_init_sock(). */
const NO_MIN_RTT = 0xffff_ffff;

const SOURCES: ReadonlyMap<number, OwnerSource> = new Map([
  [OWNER_SOURCE.OWNER_CONNECT, "connect"],
  [OWNER_SOURCE.OWNER_ACCEPT, "accept"],
  [OWNER_SOURCE.OWNER_IO, "io"],
]);

/** A connection record as a reading: the kernel's units to ours, "not measured yet" to null. */
export function readingOf(record: ConnectionRecord, memory: RecordMemory, tuples: TupleCache): SocketReading {
  const { cookie, incarnation } = record;
  const state = stateOf(record.state);
  const identity = {
    proto: "tcp",
    cookie,
    incarnation,
    holderCookie: record.holderCookie,
    tuple: tuples.get(cookie, incarnation, memory, record.tupleAt),
    netns: record.netns,
    state,
    openedNs: record.openedNs === 0 ? null : record.openedNs,
    readNs: record.readNs,
    owner: contextOwner(record),
  } as const;
  return state === "LISTEN" ? { ...identity, ...listening(record) } : { ...identity, ...moving(record) };
}

/** The last reading of a connection, with how it ended. */
export function closedReadingOf(
  record: ConnectionRecord,
  memory: RecordMemory,
  tuples: TupleCache,
): ClosedReading {
  const reading = readingOf(record, memory, tuples);
  const peerFin = (record.flags & RECORD_FLAGS.PEER_FIN) !== 0;
  return { ...reading, endReason: endReason(reading.state, record.error, peerFin) };
}

export function lateOwnerOf(record: ConnectionRecord): LateOwner | null {
  const owner = contextOwner(record);
  return owner === null ? null : { cookie: record.cookie, incarnation: record.incarnation, owner };
}

export function holderOf(record: HolderRecord): Holder {
  return { cookie: record.cookie, pid: record.pid, comm: record.comm };
}

function moving(record: ConnectionRecord) {
  const measured = record.srttEighthUs !== 0;
  return {
    direction: directionOf(record.direction),
    txBytes: record.txBytes,
    rxBytes: record.rxBytes,
    rttUs: measured ? record.srttEighthUs >>> 3 : null,
    rttvarUs: measured ? record.mdevQuarterUs >>> 2 : null,
    minRttUs: record.minRttUs === NO_MIN_RTT ? null : record.minRttUs,
    retrans: record.totalRetrans,
    retransBytes: record.retransBytes,
    cwnd: record.sndCwnd,
    deliveryRate: deliveryRate(record),
    sendQueue: record.sendQueue,
    recvQueue: record.recvQueue,
    acceptQueue: null,
    acceptLimit: null,
  };
}

function listening(record: ConnectionRecord) {
  return {
    direction: null,
    txBytes: null,
    rxBytes: null,
    rttUs: null,
    rttvarUs: null,
    minRttUs: null,
    retrans: null,
    retransBytes: null,
    cwnd: null,
    deliveryRate: null,
    sendQueue: null,
    recvQueue: null,
    acceptQueue: record.acceptQueue,
    acceptLimit: record.acceptLimit,
  };
}

/** Bytes/s, as tcp_compute_delivery_rate() has it for tcp_info. */
function deliveryRate(record: ConnectionRecord): number | null {
  const intervalUs = record.rateIntervalUs;
  return intervalUs === 0 ? null : Math.floor((record.rateDelivered * record.mss * 1e6) / intervalUs);
}

function contextOwner(record: ConnectionRecord): Owner | null {
  const pid = record.ownerPid;
  if (pid === 0) return null;
  const source = SOURCES.get(record.ownerSource);
  return source === undefined ? null : { pid, comm: record.ownerComm, source };
}

function directionOf(direction: number): "in" | "out" | null {
  if (direction === DIRECTION.DIRECTION_IN) return "in";
  return direction === DIRECTION.DIRECTION_OUT ? "out" : null;
}

function stateOf(state: number): TcpState {
  return TCP_STATES[state - 1] ?? "CLOSE";
}
