// Looks one socket up by its ends and its cookie over netlink (sock_diag(7)): the sure way to know that it is gone.
import { closeSync } from "node:fs";

import type { InetDiagMessage } from "./inet-diag-message.js";
import { openSocket, receiveMessage, SystemCallError, sendMessage } from "./libc.js";
import {
  destroyErrno,
  destroyRequest,
  endsRequest,
  lookUpRequest,
  saysThatItExists,
  saysThatItIsSupported,
  saysThatMiniSocketExists,
  supportRequest,
  type WantedSocket,
} from "./sock-diag-messages.js";

const AF_NETLINK = 16;
const SOCK_RAW_CLOEXEC = 3 | 0o2000000;
const NETLINK_SOCK_DIAG = 4;

/** A netlink socket of the network namespace in which it was opened. */
export class SockDiag {
  readonly #fd: number;
  readonly #reply = new Uint8Array(8192);

  constructor() {
    this.#fd = openSocket(AF_NETLINK, SOCK_RAW_CLOEXEC, NETLINK_SOCK_DIAG);
  }

  /** Whether the kernel can look sockets up: tcp_diag and udp_diag may be modules that are not there. */
  isSupported(proto: "tcp" | "udp"): boolean {
    return saysThatItIsSupported(this.#ask(supportRequest(proto)));
  }

  /** Whether the kernel still has this very socket whole (not its mini-socket). It asks for no tcp_info, so no socket is locked. */
  exists(wanted: WantedSocket): boolean {
    return saysThatItExists(this.#ask(lookUpRequest(wanted)));
  }

  /**
   * Whether a TCP socket that is gone has left a mini-socket. By its ends: the mini-socket has the cookie only if somebody had
   * asked for that before.
   */
  hasMiniSocket(message: InetDiagMessage): boolean {
    return saysThatMiniSocketExists(this.#ask(endsRequest(message.family, message.socketId())));
  }

  /** Closes this very socket, whoever has it: it gets ECONNABORTED, and its peer a RST. @throws SystemCallError */
  destroy(wanted: WantedSocket): void {
    const errno = destroyErrno(this.#ask(destroyRequest(wanted)));
    if (errno !== 0) throw new SystemCallError("SOCK_DESTROY", errno);
  }

  close(): void {
    closeSync(this.#fd);
  }

  /** The kernel answers before send() returns: what is not there then has been dropped, and does not come. */
  #ask(request: Uint8Array): DataView {
    sendMessage(this.#fd, request);
    const length = receiveMessage(this.#fd, this.#reply);
    return new DataView(this.#reply.buffer, 0, length);
  }
}
