// Looks one TCP socket up by its ends and its cookie over netlink (sock_diag(7)): the sure way to know that it is gone.
import { closeSync } from "node:fs";

import type { SocketCookie, Tuple } from "../model/sample.js";
import { openSocket, receiveMessage, sendMessage } from "./libc.js";

const AF_NETLINK = 16;
const SOCK_RAW_CLOEXEC = 3 | 0o2000000;
const NETLINK_SOCK_DIAG = 4;
const SOCK_DIAG_BY_FAMILY = 20;
const NLM_F_REQUEST = 1;
const NLMSG_ERROR = 2;
const ENOENT = 2;
const ESTALE = 116;
const AF_INET = 2;
const AF_INET6 = 10;
const IPPROTO_TCP = 6;
const HEADER_BYTES = 16;
const REQUEST_BYTES = HEADER_BYTES + 56;
/** struct inet_diag_msg: the running timer; for what is left of a socket in TIME_WAIT or FIN_WAIT2 it is this one. */
const TIMER_AT = HEADER_BYTES + 2;
const TIMER_TIMEWAIT = 3;
const ALL_STATES = 0xffff_ffff;

/** A netlink socket of the network namespace in which it was opened. */
export class SockDiag {
  readonly #fd: number;
  readonly #reply = new Uint8Array(8192);

  constructor() {
    this.#fd = openSocket(AF_NETLINK, SOCK_RAW_CLOEXEC, NETLINK_SOCK_DIAG);
  }

  /** Whether the kernel still has this very socket whole (not its mini-socket). It asks for no tcp_info, so no socket is locked. */
  exists(tuple: Tuple, cookie: SocketCookie): boolean {
    sendMessage(this.#fd, request(tuple, cookie));
    const length = receiveMessage(this.#fd, this.#reply);
    const view = new DataView(this.#reply.buffer, 0, length);
    if (view.getUint16(4, true) !== NLMSG_ERROR) return view.getUint8(TIMER_AT) !== TIMER_TIMEWAIT;
    const errno = -view.getInt32(HEADER_BYTES, true);
    // ESTALE: the ends are there, with another cookie.
    return errno !== ENOENT && errno !== ESTALE;
  }

  close(): void {
    closeSync(this.#fd);
  }
}

/** struct nlmsghdr, then struct inet_diag_req_v2 (include/uapi/linux/inet_diag.h). */
function request(tuple: Tuple, cookie: SocketCookie): Uint8Array {
  const message = new Uint8Array(REQUEST_BYTES);
  const view = new DataView(message.buffer);
  view.setUint32(0, REQUEST_BYTES, true);
  view.setUint16(4, SOCK_DIAG_BY_FAMILY, true);
  view.setUint16(6, NLM_F_REQUEST, true);
  view.setUint8(16, tuple.family === 4 ? AF_INET : AF_INET6);
  view.setUint8(17, IPPROTO_TCP);
  view.setUint32(20, ALL_STATES, true);
  view.setUint16(24, tuple.localPort);
  view.setUint16(26, tuple.remotePort);
  message.set(addressBytes(tuple.localAddr), 28);
  message.set(addressBytes(tuple.remoteAddr), 44);
  view.setBigUint64(64, BigInt(cookie), true);
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
