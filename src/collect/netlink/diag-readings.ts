import type { InetDiagMessage } from "../../linux/inet-diag-message.js";
import type { ClosedReading, SocketCookie, SocketReading, Tuple } from "../../model/sample.js";
import type { EndReason, SocketState, TcpState } from "../../model/tcp.js";
import {
  receivedWhileOpen,
  receiveQueueOf,
  sendQueueOf,
  sentWhileOpen,
  type TcpEnding,
} from "./tcp-counters.js";
import type { TrackedSocket } from "./tracked-socket.js";

/** `tcpi_min_rtt` before the first measurement. */
const NO_MIN_RTT = 0xffff_ffff;

/** Where and when a message was read. */
export interface ReadContext {
  /** Inode of the network namespace. */
  readonly netns: number;
  readonly readNs: number;
}

/** A message of TCP as a reading, also of a socket's end. A class: put together by spreading, each costs 30 times as much. */
export class TcpReading implements SocketReading {
  readonly proto = "tcp";
  readonly cookie: SocketCookie;
  readonly incarnation: number;
  readonly holderCookie: SocketCookie;
  readonly tuple: Tuple;
  readonly netns: number;
  readonly boundDevice: number | null;
  readonly receivingDevice = null;
  readonly state: TcpState;
  readonly direction: "in" | "out" | null;
  // When it was first met is later than when it opened.
  readonly openedNs = null;
  readonly countsFromZero: boolean;
  readonly readNs: number;
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
  readonly owner = null;

  /** `ending` for a socket that is gone. */
  constructor(
    message: InetDiagMessage,
    socket: TrackedSocket,
    context: ReadContext,
    ending: TcpEnding | null,
  ) {
    const { state } = socket;
    const listens = state === "LISTEN";
    const { boundDevice, minRttUs } = message;
    // 0 is what the kernel has before the first measurement.
    const isMeasured = !listens && message.rttUs !== 0;
    this.cookie = socket.cookie;
    this.incarnation = socket.incarnation;
    this.holderCookie = socket.cookie;
    this.tuple = socket.tuple;
    this.netns = context.netns;
    this.boundDevice = boundDevice === 0 ? null : boundDevice;
    this.state = state;
    this.countsFromZero = socket.isNew || socket.incarnation > 0;
    this.readNs = context.readNs;
    if (ending === null) {
      this.txBytes = listens ? null : sentWhileOpen(message, state, socket);
      this.rxBytes = listens ? null : receivedWhileOpen(message, state);
    } else {
      this.txBytes = ending.txBytes;
      this.rxBytes = ending.rxBytes;
    }
    // Known only now: the counters can tell it.
    this.direction = listens ? null : (ending?.direction ?? socket.direction);
    this.rttUs = isMeasured ? message.rttUs : null;
    this.rttvarUs = isMeasured ? message.rttvarUs : null;
    this.minRttUs = isMeasured && minRttUs !== NO_MIN_RTT ? minRttUs : null;
    this.retrans = listens ? null : message.totalRetrans;
    this.retransBytes = listens ? null : message.bytesRetrans;
    this.cwnd = listens ? null : message.cwnd;
    this.deliveryRate = message.deliveryRate || null;
    this.sendQueue = listens ? null : sendQueueOf(message, state);
    this.recvQueue = listens ? null : receiveQueueOf(message, state);
    this.acceptQueue = listens ? message.receiveQueue : null;
    this.acceptLimit = listens ? message.sendQueue : null;
  }
}

/** The last word of the kernel on a connection. */
export class ClosedTcpReading extends TcpReading implements ClosedReading {
  readonly endReason: EndReason;

  constructor(message: InetDiagMessage, socket: TrackedSocket, context: ReadContext, ending: TcpEnding) {
    super(message, socket, context, ending);
    this.endReason = endReasonOf(ending);
  }
}

/**
 * Of an end the kernel tells counters only. Where our FIN was not acknowledged, a RST from either side, a time-out, an
 * unreachable network all look the same.
 */
function endReasonOf({ finAcked, peerFin }: TcpEnding): EndReason {
  if (!finAcked) return "unknown";
  return peerFin === true ? "fin" : "closed";
}

/** A message of UDP as a reading: the kernel has no counters but that of drops. */
export class UdpReading implements SocketReading {
  readonly proto = "udp";
  readonly cookie: SocketCookie;
  readonly incarnation: number;
  readonly holderCookie: SocketCookie;
  readonly tuple: Tuple;
  readonly netns: number;
  readonly boundDevice: number | null;
  readonly receivingDevice = null;
  readonly state: SocketState;
  readonly direction = null;
  readonly openedNs = null;
  readonly countsFromZero = false;
  readonly readNs: number;
  readonly txBytes = null;
  readonly rxBytes = null;
  readonly rttUs = null;
  readonly rttvarUs = null;
  readonly minRttUs = null;
  readonly retrans = null;
  readonly retransBytes = null;
  readonly cwnd = null;
  readonly deliveryRate = null;
  readonly sendQueue = null;
  readonly recvQueue = null;
  readonly acceptQueue = null;
  readonly acceptLimit = null;
  readonly drops: number | null;
  readonly lastMovedNs = null;
  readonly owner = null;

  constructor(message: InetDiagMessage, socket: TrackedSocket, { netns, readNs }: ReadContext) {
    const { boundDevice } = message;
    this.cookie = socket.cookie;
    this.incarnation = socket.incarnation;
    this.holderCookie = socket.cookie;
    this.tuple = socket.tuple;
    this.netns = netns;
    this.boundDevice = boundDevice === 0 ? null : boundDevice;
    this.state = socket.tuple.remotePort === 0 ? "UNCONN" : "ESTABLISHED";
    this.readNs = readNs;
    this.drops = message.drops;
  }
}

/** The last word on a socket of UDP: that of its end has no drops. */
export class ClosedUdpReading extends UdpReading implements ClosedReading {
  readonly endReason = "closed";
}

/** The last word on a connection of which the kernel's was not had: what was last read of it. */
export function closedAs(
  latest: SocketReading,
  endReason: EndReason,
  readNs: number,
  direction = latest.direction,
): ClosedReading {
  return { ...latest, direction, readNs, endReason };
}
