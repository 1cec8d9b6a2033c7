import { closeSync } from "node:fs";

import {
  AF_INET,
  AF_INET6,
  bind,
  connect,
  localAddress,
  SOCK_DGRAM,
  type SocketAddress,
  socket,
} from "../linux/socket-calls.js";
import { type LoopbackName, loopback, shownAs } from "./loopback.js";
import type { EndpointTruth } from "./truth.js";

const NO_PEER = { remoteAddr: "0.0.0.0", remotePort: 0 };

/** What one socket sent, and what the other read. */
export interface Moved {
  readonly sent: number;
  readonly read: number;
}

/** Two UDP sockets on loopback: one that sends, one that reads. */
export class UdpPair {
  readonly from: number;
  readonly into: number;
  /** Where `into` is bound. */
  readonly to: SocketAddress;
  readonly #sender: SocketAddress;

  static open(name: LoopbackName, isConnected: boolean): UdpPair {
    const address = loopback(name);
    const family = address.family === 4 ? AF_INET : AF_INET6;
    const [from, into] = [socket(family, SOCK_DGRAM), socket(family, SOCK_DGRAM)];
    bind(from, address);
    bind(into, address);
    const pair = new UdpPair(from, into);
    if (isConnected) {
      connect(from, pair.to);
      connect(into, pair.#sender);
    }
    return pair;
  }

  private constructor(from: number, into: number) {
    this.from = from;
    this.into = into;
    this.to = localAddress(into);
    this.#sender = localAddress(from);
  }

  endpoints({ sent, read }: Moved, isNamed: boolean): readonly EndpointTruth[] {
    const sender = { addr: shownAs(this.#sender), port: this.#sender.port };
    const reader = { addr: shownAs(this.to), port: this.to.port };
    return [
      {
        localAddr: sender.addr,
        localPort: sender.port,
        remoteAddr: reader.addr,
        remotePort: reader.port,
        txBytes: sent,
        rxBytes: 0,
      },
      {
        localAddr: reader.addr,
        localPort: reader.port,
        ...(isNamed ? { remoteAddr: sender.addr, remotePort: sender.port } : NO_PEER),
        txBytes: 0,
        rxBytes: read,
      },
    ];
  }

  close(): void {
    closeSync(this.from);
    closeSync(this.into);
  }
}
