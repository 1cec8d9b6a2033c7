import type { Limit, Limits } from "../model/limits.js";
import type { SocketReading } from "../model/sample.js";
import type { SocketState } from "../model/tcp.js";

/** What is compared of a connection at the two ends of an interval. */
export type LimitReading = Pick<
  SocketReading,
  "state" | "txBytes" | "rxBytes" | "retrans" | "retransBytes" | "sendQueue" | "recvQueue" | "tcp"
>;

/** What stands for an interval held for at least so much of it. */
const MOST = 0.5;
/** From here on the send buffer had a part in it. */
const SOME = 0.1;
/** Of the payload sent, what must have been sent again, and in how many segments, to say that packets get lost. */
const LOSSY_SHARE = 0.01;
const LOSSY_SEGMENTS = 2;

/** In which the application may send more. */
const SPEAKING: ReadonlySet<SocketState> = new Set(["ESTABLISHED", "CLOSE_WAIT"]);

/** In which there may be something to send, or to be sent again. */
const SENDING: ReadonlySet<SocketState> = new Set([
  "ESTABLISHED",
  "CLOSE_WAIT",
  "FIN_WAIT1",
  "CLOSING",
  "LAST_ACK",
]);

/** Nothing happened: few objects stand for most sockets of a host. */
const NOTHING = unmoved(null);
const IDLE = unmoved("idle");
const READER = unmoved("reader");

/**
 * What a connection waited for between two readings; null when that can't be told. `elapsed` is the time between them by the
 * clock of their details.
 */
export function limitsBetween(before: LimitReading, after: LimitReading, elapsed: number): Limits | null {
  const from = before.tcp;
  const to = after.tcp;
  if (from === null || to === null || elapsed <= 0 || !SENDING.has(after.state)) return null;
  const busy = to.busyTime - from.busyTime;
  const receiverWindow = to.receiverWindowTime - from.receiverWindowTime;
  const sendBuffer = to.sendBufferTime - from.sendBufferTime;
  // The counters were read while they changed, or begun anew.
  if (busy < 0 || receiverWindow < 0 || sendBuffer < 0) return null;
  const sent = growth(before.txBytes, after.txBytes);
  const received = growth(before.rxBytes, after.rxBytes);
  if (sent === null || received === null) return null;
  const sentAgain = growth(before.retransBytes, after.retransBytes) ?? 0;
  if (busy === 0 && sent === 0 && sentAgain === 0) return restingLimits(before, after, received);
  const evidence: Evidence = {
    busyShare: share(busy, elapsed),
    receiverWindowShare: share(receiverWindow, elapsed),
    sendBufferShare: share(sendBuffer, elapsed),
    retransShare: sent + sentAgain > 0 ? sentAgain / (sent + sentAgain) : null,
    segmentsSentAgain: growth(before.retrans, after.retrans) ?? 0,
    sent,
    received,
  };
  // Member by member, for this is done for each socket that moves: spread, it costs 30 times as much.
  return {
    limitedBy: wordFor(before, after, evidence),
    busyShare: evidence.busyShare,
    receiverWindowShare: evidence.receiverWindowShare,
    sendBufferShare: evidence.sendBufferShare,
    retransShare: evidence.retransShare,
  };
}

interface Evidence extends Omit<Limits, "limitedBy"> {
  readonly segmentsSentAgain: number;
  readonly sent: number;
  readonly received: number;
}

function wordFor(before: LimitReading, after: LimitReading, evidence: Evidence): Limit | null {
  const { busyShare, receiverWindowShare, sendBufferShare } = evidence;
  if (receiverWindowShare >= MOST) return "receiver-window";
  if (sendBufferShare >= MOST) return "send-buffer";
  if (busyShare - receiverWindowShare - sendBufferShare >= MOST) return pathWord(before, after, evidence);
  if (busyShare > 1 - MOST) return null;
  return applicationWord(before, after, evidence);
}

/** It waited for acknowledgements most of the time. */
function pathWord(before: LimitReading, after: LimitReading, evidence: Evidence): Limit | null {
  if (isLossy(after, evidence)) return "lossy";
  const isAppLimited = before.tcp?.isAppLimited === true && after.tcp?.isAppLimited === true;
  const isWindow = isHeldBack(before) && isHeldBack(after);
  const isRoom = evidence.sendBufferShare >= SOME;
  if (isWindow === isAppLimited) return null;
  if (isWindow) return isRoom ? null : "congestion-window";
  // The kernel takes an application that waits for room for one that has nothing to send.
  if (isRoom || (before.tcp?.waitsForRoom === true && after.tcp?.waitsForRoom === true)) return "send-buffer";
  const hasRoom = before.tcp?.waitsForRoom === false && after.tcp?.waitsForRoom === false;
  return hasRoom ? applicationWord(before, after, evidence) : null;
}

/** BBR holds data back by its pace, and leaves the window room (tcp_bbr.c); the other algorithms by the window. */
function isHeldBack({ tcp }: LimitReading): boolean {
  if (tcp === null) return false;
  const isPaced = tcp.congestionAlgorithm?.startsWith("bbr") === true;
  return tcp.isCwndLimited || (isPaced && tcp.unsentBytes !== null && tcp.unsentBytes > 0);
}

/** A single segment can be a probe for the end of what was sent (RFC 8985, 7); where the window is full, it is none. */
function isLossy(after: LimitReading, { retransShare, segmentsSentAgain }: Evidence): boolean {
  if (after.tcp !== null && after.tcp.timeouts > 0) return true;
  if (retransShare === null || retransShare < LOSSY_SHARE) return false;
  return segmentsSentAgain >= (after.tcp?.isCwndLimited === true ? 1 : LOSSY_SEGMENTS);
}

/** It had no more to send. Where this end mostly receives, that says nothing of why the other end sends no faster. */
function applicationWord(before: LimitReading, after: LimitReading, evidence: Evidence): Limit | null {
  if (evidence.sent === 0 || evidence.sent < evidence.received) return readerWord(before, after);
  return SPEAKING.has(after.state) ? "application" : null;
}

function readerWord(before: LimitReading, after: LimitReading): Limit | null {
  return isUnread(before) && isUnread(after) ? "reader" : null;
}

/** More is unread than the peer may still send. */
function isUnread({ recvQueue, tcp }: LimitReading): boolean {
  if (recvQueue === null || recvQueue === 0 || tcp === null || tcp.receiveWindow === null) return false;
  return recvQueue > tcp.receiveWindow;
}

function restingLimits(before: LimitReading, after: LimitReading, received: number): Limits {
  if (readerWord(before, after) !== null) return READER;
  const isIdle = received === 0 && after.sendQueue === 0 && SPEAKING.has(after.state);
  return isIdle ? IDLE : NOTHING;
}

function unmoved(limitedBy: Limit | null): Limits {
  return { limitedBy, busyShare: 0, receiverWindowShare: 0, sendBufferShare: 0, retransShare: null };
}

/** What a counter grew by, never negative: around a FIN it can go back by one. Null when it is not known. */
export function growth(before: number | null, after: number | null): number | null {
  return before === null || after === null ? null : Math.max(0, after - before);
}

/** The counters stand still between two ticks of the kernel's clock, so they can have a tick more than the time. */
function share(time: number, elapsed: number): number {
  return Math.min(1, time / elapsed);
}
