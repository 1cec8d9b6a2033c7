import { closeSync } from "node:fs";

import {
  AF_INET,
  AF_INET6,
  accept,
  bind,
  connect,
  listen,
  localAddress,
  SOCK_STREAM,
  type SocketAddress,
  socket,
} from "../linux/socket-calls.js";
import { type LoopbackName, loopback, shownAs } from "./loopback.js";
import type { EndpointTruth } from "./truth.js";

/** Both ends of one connection on loopback. */
export class TcpPair {
  readonly client: number;
  readonly server: number;
  readonly #clientAddress: SocketAddress;
  readonly #serverAddress: SocketAddress;

  /** `protocol`: 0 for TCP itself. @throws SystemCallError where the kernel does not have it. */
  static open(name: LoopbackName, protocol = 0): TcpPair {
    const address = loopback(name);
    const family = address.family === 4 ? AF_INET : AF_INET6;
    const listener = socket(family, SOCK_STREAM, protocol);
    try {
      bind(listener, address);
      listen(listener);
      const client = socket(family, SOCK_STREAM, protocol);
      connect(client, localAddress(listener));
      return new TcpPair(client, accept(listener));
    } finally {
      closeSync(listener);
    }
  }

  private constructor(client: number, server: number) {
    this.client = client;
    this.server = server;
    this.#clientAddress = localAddress(client);
    this.#serverAddress = localAddress(server);
  }

  /** What both ends moved: the client `sent`, the server `replied`. */
  endpoints(sent: number, replied: number): readonly EndpointTruth[] {
    const [localAddr, remoteAddr] = [shownAs(this.#clientAddress), shownAs(this.#serverAddress)];
    const [localPort, remotePort] = [this.#clientAddress.port, this.#serverAddress.port];
    return [
      { localAddr, localPort, remoteAddr, remotePort, txBytes: sent, rxBytes: replied },
      {
        localAddr: remoteAddr,
        localPort: remotePort,
        remoteAddr: localAddr,
        remotePort: localPort,
        txBytes: replied,
        rxBytes: sent,
      },
    ];
  }

  /** The server's end first. */
  close(): void {
    closeSync(this.server);
    closeSync(this.client);
  }
}
