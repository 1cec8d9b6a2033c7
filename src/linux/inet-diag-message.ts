// What sock_diag(7) tells of one socket: struct nlmsghdr, struct inet_diag_msg (include/uapi/linux/inet_diag.h), attributes.
import type { SocketCookie } from "../model/sample.js";
import { type RecordMemory, readBytes, readCookie, readU64 } from "./record-memory.js";
import { RepeatedText } from "./repeated-text.js";
import { SOCKET_ID_BYTES } from "./sock-diag-messages.js";

const HEADER_BYTES = 16;
const MESSAGE_BYTES = HEADER_BYTES + 72;
const ATTRIBUTE_HEADER_BYTES = 4;

const INET_DIAG_INFO = 2;
const INET_DIAG_CONG = 4;
const INET_DIAG_SKMEMINFO = 7;
const INET_DIAG_PROTOCOL = 10;
const ATTRIBUTE_TYPE = 0x3fff;

const AF_INET = 2;
const IPPROTO_UDP = 17;
/** What is left of a socket in TIME_WAIT or FIN_WAIT2 runs this timer. */
const TIMER_TIMEWAIT = 3;
/** SK_MEMINFO_SNDBUF, SK_MEMINFO_WMEM_QUEUED and SK_MEMINFO_DROPS, in 32-bit words. */
const SEND_BUFFER_AT = 3 * 4;
const QUEUED_AT = 5 * 4;
const DROPS_AT = 8 * 4;

/** Both ends: two ports and two addresses of 16 bytes. */
const ENDS_AT = HEADER_BYTES + 4;
export const ENDS_WORDS = 9;

const congestionNames = new RepeatedText();

/**
 * A place in memory where a message lies; moved from message to message, so that decoding makes no objects. tcp_info has grown
 * with every other kernel: what a kernel's does not have is null.
 */
export class InetDiagMessage {
  #memory: RecordMemory;
  #at = 0;
  #infoAt = 0;
  #infoEnd = 0;
  #congestionAt = 0;
  #congestionBytes = 0;
  #memoryAt: number | null = null;
  #protocol: number | null = null;

  constructor(memory: RecordMemory) {
    this.#memory = memory;
  }

  /** Moves to the message at `at`; false for one that is too short to be one. */
  moveTo(memory: RecordMemory, at: number, length: number): boolean {
    if (length < MESSAGE_BYTES) return false;
    this.#memory = memory;
    this.#at = at;
    this.#infoAt = 0;
    this.#infoEnd = 0;
    this.#congestionBytes = 0;
    this.#memoryAt = null;
    this.#protocol = null;
    this.#findAttributes(at + MESSAGE_BYTES, at + length);
    return true;
  }

  get cookie(): SocketCookie {
    return readCookie(this.#memory.view, this.#at + HEADER_BYTES + 44);
  }

  get family(): 4 | 6 {
    return this.#memory.view.getUint8(this.#at + HEADER_BYTES) === AF_INET ? 4 : 6;
  }

  get proto(): "tcp" | "udp" {
    return this.#protocol === IPPROTO_UDP ? "udp" : "tcp";
  }

  /** Number of the state (include/net/tcp_states.h). */
  get state(): number {
    return this.#memory.view.getUint8(this.#at + HEADER_BYTES + 1);
  }

  get isMiniSocket(): boolean {
    return this.#memory.view.getUint8(this.#at + HEADER_BYTES + 2) === TIMER_TIMEWAIT;
  }

  get localPort(): number {
    return this.#memory.view.getUint16(this.#at + ENDS_AT);
  }

  get remotePort(): number {
    return this.#memory.view.getUint16(this.#at + ENDS_AT + 2);
  }

  /** In network order, as a binary string of 4 or 16 characters. */
  get localAddr(): string {
    return readBytes(this.#memory.bytes, this.#at + ENDS_AT + 4, this.#addressBytes);
  }

  get remoteAddr(): string {
    return readBytes(this.#memory.bytes, this.#at + ENDS_AT + 20, this.#addressBytes);
  }

  /** A part of both ends, to compare them without making text of them. */
  endsWord(index: number): number {
    return this.#memory.view.getUint32(this.#at + ENDS_AT + 4 * index);
  }

  /** The struct inet_diag_sockid, in place. */
  socketId(): Uint8Array {
    return this.#memory.bytes.subarray(this.#at + ENDS_AT, this.#at + ENDS_AT + SOCKET_ID_BYTES);
  }

  /** Index of the device that the socket is bound to; 0 for none. */
  get boundDevice(): number {
    return this.#memory.view.getUint32(this.#at + HEADER_BYTES + 40, true);
  }

  /** rcv_nxt - copied_seq; of a listening socket, connections that wait for accept(). */
  get receiveQueue(): number {
    return this.#memory.view.getUint32(this.#at + HEADER_BYTES + 56, true);
  }

  /** write_seq - snd_una; of a listening socket, how many may wait. */
  get sendQueue(): number {
    return this.#memory.view.getUint32(this.#at + HEADER_BYTES + 60, true);
  }

  /** Of the file that processes hold; 0 where there is none: not accepted yet, or closed. */
  get inode(): number {
    return this.#memory.view.getUint32(this.#at + HEADER_BYTES + 68, true);
  }

  /** Datagrams dropped since the socket was made. */
  get drops(): number | null {
    return this.#memoryAt === null ? null : this.#memory.view.getUint32(this.#memoryAt + DROPS_AT, true);
  }

  /** Whether poll() would say that there is room in the send buffer: sk_stream_is_writeable(). Null when it was not asked for. */
  get isWritable(): boolean | null {
    if (this.#memoryAt === null) return null;
    const { view } = this.#memory;
    const queued = view.getUint32(this.#memoryAt + QUEUED_AT, true);
    return view.getUint32(this.#memoryAt + SEND_BUFFER_AT, true) - queued >= queued >>> 1;
  }

  /** Name of the congestion control algorithm; null when it was not asked for. */
  get congestionAlgorithm(): string | null {
    if (this.#congestionBytes === 0) return null;
    return congestionNames.read(this.#memory.bytes, this.#congestionAt, this.#congestionBytes);
  }

  // Fields of struct tcp_info (include/uapi/linux/tcp.h), by their place.

  /** Retransmission time-outs since the peer last acknowledged anything. */
  get timeouts(): number | null {
    return this.#info8(2);
  }

  /** Whether, when what was last acknowledged was sent, the application had no more to send. */
  get isAppLimited(): boolean | null {
    const bits = this.#info8(7);
    return bits === null ? null : (bits & 1) === 1;
  }

  get mss(): number | null {
    return this.#info32(16);
  }

  /** Segments in flight. */
  get unacked(): number | null {
    return this.#info32(24);
  }

  /** Of the segments in flight, those that the peer has received out of order. */
  get sacked(): number | null {
    return this.#info32(28);
  }

  /** Of the segments in flight, those that are taken for lost. */
  get lost(): number | null {
    return this.#info32(32);
  }

  /** Of the segments in flight, those that were sent again. */
  get sentAgain(): number | null {
    return this.#info32(36);
  }

  get rttUs(): number | null {
    return this.#info32(68);
  }

  get rttvarUs(): number | null {
    return this.#info32(72);
  }

  get cwnd(): number | null {
    return this.#info32(80);
  }

  get totalRetrans(): number | null {
    return this.#info32(100);
  }

  get bytesAcked(): number | null {
    return this.#info64(120);
  }

  get bytesReceived(): number | null {
    return this.#info64(128);
  }

  /** write_seq - snd_nxt. */
  get notSentBytes(): number | null {
    return this.#info32(144);
  }

  get minRttUs(): number | null {
    return this.#info32(148);
  }

  /** Segments received that had payload, also such that had come before. */
  get dataSegmentsIn(): number | null {
    return this.#info32(152);
  }

  /** Segments sent that had payload, also such that had been sent before. */
  get dataSegmentsOut(): number | null {
    return this.#info32(156);
  }

  get deliveryRate(): number | null {
    return this.#info64(160);
  }

  /** us in which something waited to be sent or to be acknowledged. */
  get busyTimeUs(): number | null {
    return this.#info64(168);
  }

  /** us of these in which the peer's receive window was closed. */
  get rwndLimitedUs(): number | null {
    return this.#info64(176);
  }

  /** us of these in which the send buffer was too small. */
  get sndbufLimitedUs(): number | null {
    return this.#info64(184);
  }

  get bytesSent(): number | null {
    return this.#info64(200);
  }

  get bytesRetrans(): number | null {
    return this.#info64(208);
  }

  /** The peer's receive window (from Linux 5.4). */
  get sendWindow(): number | null {
    return this.#info32(228);
  }

  /** The window that this end offered last (from Linux 6.2). */
  get receiveWindow(): number | null {
    return this.#info32(232);
  }

  get #addressBytes(): number {
    return this.family === 4 ? 4 : 16;
  }

  #findAttributes(from: number, end: number): void {
    const { view } = this.#memory;
    let at = from;
    while (at + ATTRIBUTE_HEADER_BYTES <= end) {
      const length = view.getUint16(at, true);
      if (length < ATTRIBUTE_HEADER_BYTES || at + length > end) return;
      this.#take(view.getUint16(at + 2, true) & ATTRIBUTE_TYPE, at + ATTRIBUTE_HEADER_BYTES, at + length);
      at += (length + 3) & ~3;
    }
  }

  #take(type: number, at: number, end: number): void {
    if (type === INET_DIAG_INFO) {
      this.#infoAt = at;
      this.#infoEnd = end;
    } else if (type === INET_DIAG_CONG) {
      this.#congestionAt = at;
      this.#congestionBytes = end - at;
    } else if (type === INET_DIAG_SKMEMINFO) {
      this.#memoryAt = at + DROPS_AT + 4 <= end ? at : null;
    } else if (type === INET_DIAG_PROTOCOL && at < end) {
      this.#protocol = this.#memory.view.getUint8(at);
    }
  }

  #info8(offset: number): number | null {
    const at = this.#infoAt + offset;
    return at < this.#infoEnd ? this.#memory.view.getUint8(at) : null;
  }

  #info32(offset: number): number | null {
    const at = this.#infoAt + offset;
    return at + 4 <= this.#infoEnd ? this.#memory.view.getUint32(at, true) : null;
  }

  #info64(offset: number): number | null {
    const at = this.#infoAt + offset;
    return at + 8 <= this.#infoEnd ? readU64(this.#memory.view, at) : null;
  }
}
