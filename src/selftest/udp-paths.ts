import { IoUring } from "../linux/io-uring.js";
import {
  IP_RECVERR,
  IPPROTO_IP,
  IPPROTO_UDP,
  Messages,
  MSG_ERRQUEUE,
  MSG_MORE,
  MSG_PEEK,
  MSG_TRUNC,
  receive,
  send,
  setOption,
  UDP_GRO,
  UDP_SEGMENT,
} from "../linux/socket-calls.js";
import { type Moved, UdpPair } from "./udp-pair.js";

const SMALL = 64;
const LARGE = 1400;
const COUNT = 8;

/** Sends from the pair's first socket to its second. */
export interface UdpPath {
  readonly path: string;
  readonly open: () => UdpPair;
  /** Whether the reader learns who sent: else its row has no peer. */
  readonly isNamed: boolean;
  readonly move: (pair: UdpPair) => Moved;
}

export const UDP_PATHS: readonly UdpPath[] = [
  path("connected: send, recv", ({ from, into }) => ({
    sent: send(from, block()),
    read: receive(into, block()),
  })),
  path("sendto, recvfrom", named, () => UdpPair.open("127.0.0.1", false)),
  {
    ...path(
      "sendto, recv without a name",
      ({ from, into, to }) => ({ sent: send(from, block(), 0, to), read: receive(into, block()) }),
      () => UdpPair.open("127.0.0.1", false),
    ),
    isNamed: false,
  },
  path(
    "sendmmsg, recvmmsg",
    ({ from, into, to }) => ({
      sent: new Messages(COUNT, LARGE, to).sendAll(from),
      // Room for names, which the kernel fills in.
      read: new Messages(COUNT, LARGE, to).receiveAll(into),
    }),
    () => UdpPair.open("127.0.0.1", false),
  ),
  path("GSO and GRO", ({ from, into }) => {
    setOption(from, IPPROTO_UDP, UDP_SEGMENT, SMALL);
    setOption(into, IPPROTO_UDP, UDP_GRO, 1);
    const sent = send(from, Buffer.alloc(COUNT * SMALL));
    let read = 0;
    while (read < sent) read += receive(into, Buffer.alloc(sent));
    return { sent, read };
  }),
  path("IPv6", named, () => UdpPair.open("::1", false)),
  path("IPv4-mapped IPv6", named, () => UdpPair.open("::ffff:127.0.0.1", false)),
  path("MSG_PEEK before the read", ({ from, into }) => {
    const sent = send(from, block());
    receive(into, block(), MSG_PEEK);
    return { sent, read: receive(into, block()) };
  }),
  path("a read that truncates", ({ from, into }) => ({
    sent: send(from, block()),
    read: receive(into, Buffer.alloc(SMALL)),
  })),
  path("MSG_TRUNC", ({ from, into }) => ({
    sent: send(from, block()),
    read: receive(into, Buffer.alloc(SMALL), MSG_TRUNC),
  })),
  path("MSG_MORE", ({ from, into }) => {
    const sent = send(from, Buffer.alloc(SMALL), MSG_MORE) + send(from, Buffer.alloc(SMALL));
    return { sent, read: receive(into, block()) };
  }),
  path("an error read from the queue", ({ from, into }) => {
    setOption(from, IPPROTO_IP, IP_RECVERR, 1);
    // Larger than any datagram with its headers can be: the queue has the error, and nothing leaves.
    try {
      send(from, Buffer.alloc(65_520));
    } catch {
      receive(from, block(), MSG_ERRQUEUE);
    }
    return { sent: send(from, block()), read: receive(into, block()) };
  }),
  path("io_uring", ({ from, into }) => {
    const ring = new IoUring(LARGE);
    try {
      return { sent: ring.send(from, LARGE), read: ring.receive(into, LARGE) };
    } finally {
      ring.close();
    }
  }),
];

function path(
  name: string,
  move: UdpPath["move"],
  open: UdpPath["open"] = () => UdpPair.open("127.0.0.1", true),
): UdpPath {
  return { path: name, open, isNamed: true, move };
}

function named({ from, into, to }: UdpPair): Moved {
  return { sent: send(from, block(), 0, to), read: receive(into, block(), 0, true) };
}

function block(): Uint8Array {
  return Buffer.alloc(LARGE);
}
