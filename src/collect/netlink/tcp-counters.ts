import type { InetDiagMessage } from "../../linux/inet-diag-message.js";
import type { TcpState } from "../../model/tcp.js";

/** States in which our own SYN or FIN may wait to be acknowledged: it counts 1 in write_seq. */
const OWN_FLAG_WAITS: ReadonlySet<TcpState> = new Set(["SYN_SENT", "FIN_WAIT1", "CLOSING", "LAST_ACK"]);
/** States in which the peer's FIN has come: it counts 1 in bytes_received, and in rcv_nxt until the reader has met it. */
const PEER_FIN_CAME: ReadonlySet<TcpState> = new Set(["CLOSE_WAIT", "CLOSING", "LAST_ACK"]);

/** What is learned of a connection's counters from one message to the next. */
export interface TcpCounting {
  direction: "in" | "out" | null;
  /** Payload that `bytes_sent` counted though it never left this host. */
  excess: number;
  /** As they were last: 0 before the first dump, as the kernel's were. */
  readonly bytesReceived: number;
  readonly dataSegmentsIn: number;
}

/** What a message says of the payload that a connection moved. */
export interface TcpTotals {
  readonly txBytes: number | null;
  readonly rxBytes: number | null;
}

/**
 * Payload sent, of an open connection. `bytes_sent` - `bytes_retrans` has no SYN and no FIN in it, and is read in one step; but
 * what dies on this host before it leaves, it counts each time that it is tried. `bytes_acked` never does, so while nothing
 * is in flight it puts that right: it counts a SYN (on the side that opened only, which tells the direction) and a FIN.
 */
export function sentWhileOpen(
  message: InetDiagMessage,
  state: TcpState,
  counting: TcpCounting,
  { isListened }: Pick<Surroundings, "isListened">,
): number | null {
  const sent = sentOnce(message);
  const { bytesAcked, unacked } = message;
  if (sent === null || bytesAcked === null || unacked === null) return null;
  if (unacked > 0) return Math.max(0, sent - counting.excess);
  const acked = bytesAcked - (state === "FIN_WAIT2" ? 1 : 0);
  if (counting.direction === null) counting.direction = directionOf(acked - sent);
  const isOut =
    counting.direction === "out" || (counting.direction === null && !isListened(message.localPort));
  const payload = Math.max(0, acked - (isOut ? 1 : 0));
  counting.excess = Math.max(0, sent - payload);
  return payload;
}

/** Payload received in order, of an open connection. */
export function receivedWhileOpen(message: InetDiagMessage, state: TcpState): number | null {
  const { bytesReceived } = message;
  return bytesReceived === null ? null : withoutFin(bytesReceived, PEER_FIN_CAME.has(state));
}

/** Payload that waits to be acknowledged. */
export function sendQueueOf(message: InetDiagMessage, state: TcpState): number {
  return withoutFin(message.sendQueue, OWN_FLAG_WAITS.has(state));
}

/** Payload that waits to be read. */
export function receiveQueueOf(message: InetDiagMessage, state: TcpState): number {
  return withoutFin(message.receiveQueue, PEER_FIN_CAME.has(state));
}

/** How a connection ended, as far as its last counters tell. */
export interface TcpEnding extends TcpTotals {
  readonly direction: "in" | "out" | null;
  /** Whether our FIN was sent and acknowledged. */
  readonly finAcked: boolean;
  /** Whether the peer's FIN came; null where that can't be told. */
  readonly peerFin: boolean | null;
}

/** What can be asked for when a connection has ended. */
export interface Surroundings {
  /** Whether a socket in its namespace listens on the port, or did a while ago. */
  readonly isListened: (port: number) => boolean;
  /** Whether the kernel keeps a mini-socket in its place; null when that wasn't asked. */
  readonly hasMiniSocket: (message: InetDiagMessage) => boolean | null;
}

/** What stands in the way of a SYN and a FIN, when nothing died on this host: 0, 1 or 2. */
const MOST_FLAGS = 2;

/**
 * The last word, when the kernel frees the socket: nobody changes it any more, so all of the message is of one moment.
 * `lastState` is the last that a dump saw; null for a connection that none did.
 */
export function endingOf(
  message: InetDiagMessage,
  lastState: TcpState | null,
  counting: TcpCounting,
  surroundings: Surroundings,
): TcpEnding {
  const { direction, excess } = counting;
  const sentOnceOnly = sentOnce(message);
  const { bytesAcked, notSentBytes, bytesReceived } = message;
  if (sentOnceOnly === null || bytesAcked === null || notSentBytes === null || bytesReceived === null) {
    return { txBytes: null, rxBytes: bytesReceived, direction, finAcked: false, peerFin: null };
  }
  const sent = Math.max(0, sentOnceOnly - excess);
  const inFlight = Math.max(0, message.sendQueue - notSentBytes);
  const flags = bytesAcked + inFlight - sent;
  const isPlain = flags >= 0 && flags <= MOST_FLAGS;
  const known = direction ?? (isPlain ? directionOfEnded(message, flags, surroundings) : null);
  const syn = known === "out" ? 1 : 0;
  const finSent = isPlain ? flags > syn : lastState !== null && OWN_FLAG_WAITS.has(lastState);
  const peerFin = peerFinOf(message, lastState, finSent, counting, surroundings);
  return {
    txBytes: isPlain ? sent : Math.max(0, bytesAcked + inFlight - syn - (finSent ? 1 : 0)),
    // Where it can't be told, whoever said FIN is taken to have heard one, and whoever didn't not.
    rxBytes: withoutFin(bytesReceived, peerFin ?? finSent),
    direction: known,
    finAcked: finSent && inFlight === 0,
    peerFin,
  };
}

/**
 * Without a segment of data since the last dump, what `bytes_received` has grown by is the FIN. Else: a FIN that came after close()
 * is read by nobody, and stays in the queue. One that came before has been read, or never came: whoever closes first leaves a
 * mini-socket, to which the kernel hands FIN_WAIT2 without it. (A FIN that was waited for with shutdown() looks the same.)
 */
function peerFinOf(
  message: InetDiagMessage,
  lastState: TcpState | null,
  finSent: boolean,
  before: TcpCounting,
  { hasMiniSocket }: Surroundings,
): boolean | null {
  if (lastState !== null && PEER_FIN_CAME.has(lastState)) return true;
  if (message.dataSegmentsIn === before.dataSegmentsIn) {
    return (message.bytesReceived ?? 0) > before.bytesReceived;
  }
  if (!finSent) return null;
  if (message.receiveQueue > 0) return true;
  // It has been waited for.
  if (lastState === "FIN_WAIT2") return null;
  const isHandedOver = hasMiniSocket(message);
  return isHandedOver === null ? null : !isHandedOver;
}

/** One flag is our SYN or our FIN; a FIN it is on the side that is connected to, and a SYN where no answer ever came. */
function directionOfEnded(
  { bytesAcked, rttUs, localPort }: InetDiagMessage,
  flags: number,
  { isListened }: Surroundings,
): "in" | "out" | null {
  if (flags === 0) return "in";
  if (flags === MOST_FLAGS || (bytesAcked === 0 && rttUs === 0)) return "out";
  return isListened(localPort) ? "in" : null;
}

function directionOf(flags: number): "in" | "out" | null {
  if (flags === 1) return "out";
  return flags === 0 ? "in" : null;
}

function sentOnce({ bytesSent, bytesRetrans }: InetDiagMessage): number | null {
  return bytesSent === null || bytesRetrans === null ? null : Math.max(0, bytesSent - bytesRetrans);
}

function withoutFin(bytes: number, hasFin: boolean): number {
  return hasFin && bytes > 0 ? bytes - 1 : bytes;
}
