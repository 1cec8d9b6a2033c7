import type { SocketAddress } from "../linux/socket-calls.js";

export type LoopbackName = "127.0.0.1" | "::1" | "::ffff:127.0.0.1";

const V4 = [127, 0, 0, 1];
const MAPPED_PREFIX = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff];

/** A loopback address with a port, or with none: then the kernel chooses. */
export function loopback(name: LoopbackName, port = 0): SocketAddress {
  switch (name) {
    case "127.0.0.1":
      return { family: 4, address: Uint8Array.from(V4), port };
    case "::1":
      return { family: 6, address: Uint8Array.from([...new Array<number>(15).fill(0), 1]), port };
    case "::ffff:127.0.0.1":
      return { family: 6, address: Uint8Array.from([...MAPPED_PREFIX, ...V4]), port };
  }
}

/** As tcptop shows it: a mapped address is an IPv4 one. */
export function shownAs({ family, address }: SocketAddress): string {
  return family === 6 && address[10] !== 0xff ? "::1" : "127.0.0.1";
}
