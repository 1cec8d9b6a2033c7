import { type ConnectionRecord, DIRECTION, OWNER_SOURCE, RECORD_FLAGS } from "../../linux/records.gen.js";
import type {
  ClosedReading,
  Owner,
  OwnerSource,
  SocketCookie,
  SocketReading,
  Tuple,
} from "../../model/sample.js";
import { type EndReason, TCP_STATES, type TcpState } from "../../model/tcp.js";
import type { TcpDetails } from "../../model/tcp-details.js";
import { endReason } from "./end-reason.js";
import { detailsOf } from "./kernel-details.js";

/** `min_rtt_us` before the first measurement: minmax_reset() in tcp_init_sock(). */
const NO_MIN_RTT = 0xffff_ffff;

const SOURCES: ReadonlyMap<number, OwnerSource> = new Map([
  [OWNER_SOURCE.OWNER_CONNECT, "connect"],
  [OWNER_SOURCE.OWNER_ACCEPT, "accept"],
  [OWNER_SOURCE.OWNER_IO, "io"],
]);

/**
 * A connection record as a reading: the kernel's units to ours, "not measured yet" and "does not apply" to null. A class,
 * so that all readings are made in one step and have one shape: put together by spreading, each costs 30 times as much.
 */
export class KernelReading implements SocketReading {
  readonly proto = "tcp";
  readonly cookie: SocketCookie;
  readonly incarnation: number;
  readonly holderCookie: SocketCookie;
  readonly tuple: Tuple;
  readonly netns: number;
  readonly boundDevice: number | null;
  readonly receivingDevice: number | null;
  readonly state: TcpState;
  readonly direction: "in" | "out" | null;
  readonly openedNs: number | null;
  readNs: number;
  readonly txBytes: number | null;
  readonly rxBytes: number | null;
  readonly rttUs: number | null;
  readonly rttvarUs: number | null;
  readonly minRttUs: number | null;
  readonly retrans: number | null;
  readonly retransBytes: number | null;
  readonly cwnd: number | null;
  readonly deliveryRate: number | null;
  readonly sendQueue: number | null;
  readonly recvQueue: number | null;
  readonly acceptQueue: number | null;
  readonly acceptLimit: number | null;
  readonly drops = null;
  readonly lastMovedNs = null;
  readonly tcp: TcpDetails | null;
  clock: number | null;
  readonly revision: number | null;
  readonly owner: Owner | null;

  constructor(record: ConnectionRecord, tuple: Tuple, revision: number | null = null) {
    const state = stateOf(record.state);
    const listens = state === "LISTEN";
    const measured = record.srttEighthUs !== 0;
    this.cookie = record.cookie;
    this.incarnation = record.incarnation;
    this.holderCookie = record.holderCookie;
    this.tuple = tuple;
    this.netns = record.netns;
    this.boundDevice = record.boundDevice === 0 ? null : record.boundDevice;
    this.receivingDevice = record.receivingDevice === 0 ? null : record.receivingDevice;
    this.state = state;
    this.direction = listens ? null : directionOf(record.direction);
    this.openedNs = record.openedNs === 0 ? null : record.openedNs;
    this.readNs = record.readNs;
    this.txBytes = listens ? null : record.txBytes;
    this.rxBytes = listens ? null : record.rxBytes;
    this.rttUs = measured ? record.srttEighthUs >>> 3 : null;
    this.rttvarUs = measured ? record.mdevQuarterUs >>> 2 : null;
    // tcp_disconnect() forgets the smoothed time, but leaves the minimum to the socket's next connection.
    this.minRttUs = measured && record.minRttUs !== NO_MIN_RTT ? record.minRttUs : null;
    this.retrans = listens ? null : record.totalRetrans;
    this.retransBytes = listens ? null : record.retransBytes;
    this.cwnd = listens ? null : record.sndCwnd;
    this.deliveryRate = deliveryRate(record);
    this.sendQueue = listens ? null : record.sendQueue;
    this.recvQueue = listens ? null : record.recvQueue;
    this.acceptQueue = listens ? record.acceptQueue : null;
    this.acceptLimit = listens ? record.acceptLimit : null;
    this.tcp = detailsOf(record);
    this.clock = this.tcp === null ? null : record.clock;
    this.revision = revision;
    this.owner = contextOwner(record);
  }

  /** The socket says the same at a later time. */
  repeat(readNs: number, clock: number): void {
    this.readNs = readNs;
    if (this.tcp !== null) this.clock = clock;
  }
}

/** The last reading of a connection, with how it ended. */
export class KernelClosedReading extends KernelReading implements ClosedReading {
  readonly endReason: EndReason;

  constructor(record: ConnectionRecord, tuple: Tuple) {
    super(record, tuple);
    this.endReason = endReason(this.state, record.error, (record.flags & RECORD_FLAGS.PEER_FIN) !== 0);
  }
}

/** Bytes/s, as tcp_compute_delivery_rate() has it for tcp_info. */
function deliveryRate(record: ConnectionRecord): number | null {
  const intervalUs = record.rateIntervalUs;
  return intervalUs === 0 ? null : Math.floor((record.rateDelivered * record.mss * 1e6) / intervalUs);
}

/** The process in whose context the socket connected, was used or closed; null when that was not seen. */
export function contextOwner(record: ConnectionRecord): Owner | null {
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
