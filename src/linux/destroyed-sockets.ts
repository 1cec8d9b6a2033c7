import { closeSync } from "node:fs";

import { bindSocket, openSocket, receiveOrErrno, setSocketOption } from "./libc.js";
import { memoryOf, type TakeMessage } from "./netlink-stream.js";

const AF_NETLINK = 16;
const SOCK_RAW_CLOEXEC = 3 | 0o2000000;
const NETLINK_SOCK_DIAG = 4;
const SOL_SOCKET = 1;
const SO_RCVBUF = 8;
const SO_RCVBUFFORCE = 33;
const EINTR = 4;
const ENOBUFS = 105;

/** SKNLGRP_INET_TCP_DESTROY, _INET_UDP_, _INET6_TCP_, _INET6_UDP_ (include/uapi/linux/sock_diag.h) as a mask of groups. */
const DESTROY_GROUPS = 0b1111;
/** Some 8,000 sockets; without CAP_NET_ADMIN the kernel gives what net.core.rmem_max allows, as a rule 300. */
const BUFFER_BYTES = 8 * 1024 * 1024;
const MOST_MESSAGE_BYTES = 8192;

/** Hears of each TCP and UDP socket of a network namespace that the kernel frees, with its last counters. */
export class DestroyedSockets {
  readonly #fd: number;
  readonly #memory = memoryOf(Buffer.alloc(MOST_MESSAGE_BYTES));
  #overflows = 0;

  /** Of the namespace that this thread is in, from now on. `bufferBytes`: what the kernel may keep between two drains. */
  constructor(bufferBytes = BUFFER_BYTES) {
    this.#fd = openSocket(AF_NETLINK, SOCK_RAW_CLOEXEC, NETLINK_SOCK_DIAG);
    try {
      if (!setSocketOption(this.#fd, SOL_SOCKET, SO_RCVBUFFORCE, bufferBytes)) {
        setSocketOption(this.#fd, SOL_SOCKET, SO_RCVBUF, bufferBytes);
      }
      bindSocket(this.#fd, netlinkAddress(DESTROY_GROUPS));
    } catch (error) {
      closeSync(this.#fd);
      throw error;
    }
  }

  /** How often the kernel found no room for messages: each time for an unknown number of them. */
  get overflows(): number {
    return this.#overflows;
  }

  /** Gives all that has come to `take`. It never waits. */
  drain(take: TakeMessage): void {
    for (;;) {
      const length = receiveOrErrno(this.#fd, this.#memory.bytes);
      if (length > 0) take(this.#memory, 0, length);
      else if (length === -ENOBUFS) this.#overflows += 1;
      else if (length !== -EINTR) return;
    }
  }

  close(): void {
    closeSync(this.#fd);
  }
}

/** struct sockaddr_nl, with a port that the kernel chooses. */
function netlinkAddress(groups: number): Uint8Array {
  const address = new Uint8Array(12);
  const view = new DataView(address.buffer);
  view.setUint16(0, AF_NETLINK, true);
  view.setUint32(8, groups, true);
  return address;
}
