// The netlink messages of sock_diag(7), as bytes: include/uapi/linux/netlink.h, include/uapi/linux/inet_diag.h.
import type { SocketCookie, Tuple } from "../model/sample.js";

const SOCK_DIAG_BY_FAMILY = 20;
const SOCK_DESTROY = 21;
const TCPDIAG_GETSOCK = 18;
const NLM_F_REQUEST = 1;
const NLM_F_ACK = 4;
const NLM_F_DUMP = 0x300;
export const NLMSG_NOOP = 1;
export const NLMSG_ERROR = 2;
export const NLMSG_DONE = 3;
const ENOENT = 2;
const ESTALE = 116;
const AF_INET = 2;
const AF_INET6 = 10;
const IPPROTO_TCP = 6;
const IPPROTO_UDP = 17;
const HEADER_BYTES = 16;
const REQUEST_BYTES = HEADER_BYTES + 56;
/** struct inet_diag_msg: the running timer; for what is left of a socket in TIME_WAIT or FIN_WAIT2 it is this one. */
const TIMER_AT = HEADER_BYTES + 2;
const TIMER_TIMEWAIT = 3;
const ALL_STATES = 0xffff_ffff;

/** What names a socket to sock_diag: all of it has to fit, the device too. */
export interface WantedSocket {
  readonly proto: "tcp" | "udp";
  readonly tuple: Tuple;
  /** null for whichever has these ends. */
  readonly cookie: SocketCookie | null;
  /** Index of the device that it is bound to; null for none. */
  readonly boundDevice: number | null;
}

/** Asks for the socket with these ends and this cookie. */
export function lookUpRequest({ proto, tuple, cookie, boundDevice }: WantedSocket): Uint8Array {
  const message = request(proto, tuple.family, NLM_F_REQUEST, ALL_STATES);
  const view = new DataView(message.buffer);
  view.setUint16(24, tuple.localPort);
  view.setUint16(26, tuple.remotePort);
  message.set(addressBytes(tuple.localAddr), 28);
  message.set(addressBytes(tuple.remoteAddr), 44);
  view.setUint32(60, boundDevice ?? 0, true);
  view.setBigUint64(64, cookie === null ? NO_COOKIE : BigInt(cookie), true);
  return message;
}

/** Asks the kernel to close the socket with these ends and this cookie, as `ss -K` does (4.5; CAP_NET_ADMIN). */
export function destroyRequest(wanted: WantedSocket): Uint8Array {
  const message = lookUpRequest(wanted);
  const view = new DataView(message.buffer);
  view.setUint16(4, SOCK_DESTROY, true);
  view.setUint16(6, NLM_F_REQUEST | NLM_F_ACK, true);
  return message;
}

/** The error number of the reply to a `destroyRequest`; 0 when it was done. */
export function destroyErrno(reply: DataView): number {
  return messageType(reply) === NLMSG_ERROR ? -reply.getInt32(HEADER_BYTES, true) : 0;
}

/** Whether the reply to a look-up says that the kernel still has this very socket whole, not its mini-socket. */
export function saysThatItExists(reply: DataView): boolean {
  if (messageType(reply) !== NLMSG_ERROR) return reply.getUint8(TIMER_AT) !== TIMER_TIMEWAIT;
  const errno = -reply.getInt32(HEADER_BYTES, true);
  // ESTALE: the ends are there, with another cookie.
  return errno !== ENOENT && errno !== ESTALE;
}

/** Asks for all sockets in no state at all: the shortest question that only a kernel with tcp_diag, or udp_diag, answers well. */
export function supportRequest(proto: "tcp" | "udp"): Uint8Array {
  return request(proto, 4, NLM_F_REQUEST | NLM_F_DUMP, 0);
}

/** Whether the reply to `supportRequest` comes from tcp_diag or udp_diag. A kernel without it says ENOENT here, and to each look-up. */
export function saysThatItIsSupported(reply: DataView): boolean {
  return messageType(reply) === NLMSG_DONE && reply.getInt32(HEADER_BYTES, true) === 0;
}

/** All but TIME_WAIT and half-open handshakes, which have mini-sockets. */
const WHOLE_SOCKETS = 0b1111_1011_1110;

/** Asks for every whole socket that has a port. */
export function everySocketRequest(proto: "tcp" | "udp", family: 4 | 6): Uint8Array {
  return request(proto, family, NLM_F_REQUEST | NLM_F_DUMP, WHOLE_SOCKETS);
}

/** Whether nothing comes after this part of an answer to a request for many: its end, or a refusal. */
export function isLastOfAnswer(part: DataView): boolean {
  const type = messageType(part);
  return type === NLMSG_DONE || type === NLMSG_ERROR;
}

function messageType(message: DataView): number {
  return message.getUint16(4, true);
}

/** struct nlmsghdr, then struct inet_diag_req_v2 without its ends. */
function request(proto: "tcp" | "udp", family: 4 | 6, flags: number, states: number): Uint8Array {
  const message = new Uint8Array(REQUEST_BYTES);
  const view = new DataView(message.buffer);
  view.setUint32(0, REQUEST_BYTES, true);
  view.setUint16(4, SOCK_DIAG_BY_FAMILY, true);
  view.setUint16(6, flags, true);
  view.setUint8(16, family === 4 ? AF_INET : AF_INET6);
  view.setUint8(17, proto === "tcp" ? IPPROTO_TCP : IPPROTO_UDP);
  view.setUint32(20, states, true);
  return message;
}

/** struct inet_diag_sockid: ends, device, cookie. */
export const SOCKET_ID_BYTES = 48;
const SOCKET_ID_AT = HEADER_BYTES + 8;
const NO_COOKIE = 0xffff_ffff_ffff_ffffn;

/** Asks for the TCP socket with the ends in these bytes of a struct inet_diag_sockid, whatever its cookie is. */
export function endsRequest(family: 4 | 6, socketId: Uint8Array): Uint8Array {
  const message = request("tcp", family, NLM_F_REQUEST, ALL_STATES);
  message.set(socketId, SOCKET_ID_AT);
  new DataView(message.buffer).setBigUint64(SOCKET_ID_AT + SOCKET_ID_BYTES - 8, NO_COOKIE, true);
  return message;
}

/** Whether the reply to a look-up tells of what is left of a socket in TIME_WAIT or FIN_WAIT2. */
export function saysThatMiniSocketExists(reply: DataView): boolean {
  return messageType(reply) !== NLMSG_ERROR && reply.getUint8(TIMER_AT) === TIMER_TIMEWAIT;
}

/** The sockets that one dump walks through; that of TCP has both families. */
export type DiagTable = "tcp" | "udp" | "udp6";

export const DIAG_TABLES: readonly DiagTable[] = ["tcp", "udp", "udp6"];

/** ESTABLISHED to CLOSING but TIME_WAIT and CLOSE, and no half-open handshakes (NEW_SYN_RECV). */
const TCP_STATES_ASKED = 0b1111_0011_1110;
/** ESTABLISHED is a UDP socket with a peer, CLOSE one without. */
const UDP_STATES_ASKED = 0b1000_0010;
/** 1 << (INET_DIAG_INFO - 1) */
const WITH_TCP_INFO = 1 << 1;
/** 1 << (INET_DIAG_CONG - 1) */
const WITH_CONGESTION_ALGORITHM = 1 << 3;
/** 1 << (INET_DIAG_SKMEMINFO - 1) */
const WITH_SOCKET_MEMORY = 1 << 6;

/** Asks for all sockets of a table; the answers carry `sequence`. */
export function dumpRequest(table: DiagTable, sequence: number): Uint8Array {
  const message = table === "tcp" ? tcpDumpRequest() : udpDumpRequest(table);
  new DataView(message.buffer).setUint32(8, sequence, true);
  return message;
}

/**
 * struct nlmsghdr, struct inet_diag_req: the older question. Only it has the sockets of both families in one walk through the
 * hash table, which is that of the whole host.
 */
function tcpDumpRequest(): Uint8Array {
  const message = new Uint8Array(HEADER_BYTES + 60);
  const view = new DataView(message.buffer);
  view.setUint32(0, message.length, true);
  view.setUint16(4, TCPDIAG_GETSOCK, true);
  view.setUint16(6, NLM_F_REQUEST | NLM_F_DUMP, true);
  view.setUint8(16, AF_INET);
  view.setUint8(19, WITH_TCP_INFO | WITH_CONGESTION_ALGORITHM | WITH_SOCKET_MEMORY);
  view.setUint32(68, TCP_STATES_ASKED, true);
  return message;
}

function udpDumpRequest(table: "udp" | "udp6"): Uint8Array {
  const message = request("udp", table === "udp" ? 4 : 6, NLM_F_REQUEST | NLM_F_DUMP, UDP_STATES_ASKED);
  message[18] = WITH_SOCKET_MEMORY;
  return message;
}

/** A message of its own that says why a dump failed, as the kernel's do. */
export function errorMessage(sequence: number, errno: number): Uint8Array {
  const message = new Uint8Array(HEADER_BYTES + 4);
  const view = new DataView(message.buffer);
  view.setUint32(0, message.length, true);
  view.setUint16(4, NLMSG_ERROR, true);
  view.setUint32(8, sequence, true);
  view.setInt32(HEADER_BYTES, -errno, true);
  return message;
}

/** A message that says nothing. */
export function emptyMessage(): Uint8Array {
  const message = new Uint8Array(HEADER_BYTES);
  const view = new DataView(message.buffer);
  view.setUint32(0, message.length, true);
  view.setUint16(4, NLMSG_NOOP, true);
  return message;
}

/** An address in network order: four bytes, or sixteen. */
function addressBytes(address: string): Uint8Array {
  if (!address.includes(":")) return Uint8Array.from(address.split("."), Number);
  const [head = "", tail] = address.split("::");
  const groups = (part: string) =>
    part === "" ? [] : part.split(":").map((group) => Number.parseInt(group, 16));
  const front = groups(head);
  const back = tail === undefined ? [] : groups(tail);
  const zeros = new Array<number>(8 - front.length - back.length).fill(0);
  return Uint8Array.from([...front, ...zeros, ...back].flatMap((group) => [group >> 8, group & 0xff]));
}
