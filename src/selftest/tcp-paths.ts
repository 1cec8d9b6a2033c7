import { closeSync, ftruncateSync } from "node:fs";

import { IoUring } from "../linux/io-uring.js";
import { allocateMemory, mapMemory, PROT_READ, pageSize, unmapMemory } from "../linux/libc.js";
import {
  exchangeOption,
  IPPROTO_MPTCP,
  IPPROTO_TCP,
  Messages,
  MSG_PEEK,
  MSG_WAITALL,
  MSG_ZEROCOPY,
  memoryFile,
  pipe,
  receive,
  resetOnClose,
  SO_ZEROCOPY,
  SOL_SOCKET,
  send,
  sendFile,
  setOption,
  shutdownSending,
  splice,
  TCP_ZEROCOPY_RECEIVE,
} from "../linux/socket-calls.js";
import { TcpPair } from "./tcp-pair.js";

const BLOCK = 32 * 1024;
const REPLY = 1000;

/** Moves bytes on a connection, and tells how many the client sent. A reply by plain calls follows. */
export interface TcpPath {
  readonly path: string;
  readonly open: () => TcpPair;
  readonly move: (pair: TcpPair) => number;
}

export const TCP_PATHS: readonly TcpPath[] = [
  path("send, recv", ({ client, server }) => {
    const sent = send(client, block());
    receiveAll(server, sent);
    return sent;
  }),
  path("writev, readv", ({ client, server }) => {
    const messages = new Messages(4, BLOCK / 4, null);
    const sent = messages.write(client);
    for (let left = sent; left > 0; ) left -= messages.read(server);
    return sent;
  }),
  path("sendmsg, recvmsg", ({ client, server }) => {
    const messages = new Messages(1, BLOCK, null);
    const sent = messages.send(client);
    for (let left = sent; left > 0; ) left -= messages.receive(server);
    return sent;
  }),
  path("sendfile", ({ client, server }) => {
    const sent = withFile((file) => sendFile(client, file, BLOCK));
    receiveAll(server, sent);
    return sent;
  }),
  path("splice", ({ client, server }) => {
    const [out, into] = pipe();
    try {
      const filled = withFile((file) => splice(file, into, BLOCK));
      const sent = splice(out, client, filled);
      for (let left = sent; left > 0; ) {
        const taken = splice(server, into, left);
        receiveFromPipe(out, taken);
        left -= taken;
      }
      return sent;
    } finally {
      closeSync(out);
      closeSync(into);
    }
  }),
  path("MSG_PEEK before each read", ({ client, server }) => {
    const sent = send(client, block());
    for (let left = sent; left > 0; ) {
      receive(server, Buffer.alloc(left), MSG_PEEK);
      left -= receive(server, Buffer.alloc(left));
    }
    return sent;
  }),
  path("MSG_WAITALL into a large buffer", ({ client, server }) => {
    const sent = send(client, block()) + send(client, block());
    receive(server, Buffer.alloc(sent), MSG_WAITALL);
    return sent;
  }),
  path("MSG_ZEROCOPY", ({ client, server }) => {
    setOption(client, SOL_SOCKET, SO_ZEROCOPY, 1);
    const sent = send(client, block(), MSG_ZEROCOPY);
    receiveAll(server, sent);
    return sent;
  }),
  path("TCP_ZEROCOPY_RECEIVE", ({ client, server }) => {
    const sent = withFile((file) => sendFile(client, file, BLOCK));
    receive(server, Buffer.alloc(sent), MSG_PEEK | MSG_WAITALL);
    receiveAll(server, sent - receiveMapped(server, sent));
    return sent;
  }),
  path("io_uring", ({ client, server }) => {
    const ring = new IoUring(BLOCK);
    try {
      const sent = ring.send(client, BLOCK);
      for (let left = sent; left > 0; ) left -= ring.receive(server, left);
      return sent;
    } finally {
      ring.close();
    }
  }),
  path("IPv6", plain, () => TcpPair.open("::1")),
  path("IPv4-mapped IPv6", plain, () => TcpPair.open("::ffff:127.0.0.1")),
  path("MPTCP", plain, () => TcpPair.open("127.0.0.1", IPPROTO_MPTCP)),
  path("shutdown of one direction", ({ client, server }) => {
    const sent = send(client, block());
    shutdownSending(client);
    receiveAll(server, sent);
    return sent;
  }),
  path("unread bytes, then a RST", ({ client, server }) => {
    resetOnClose(server);
    return send(client, block());
  }),
];

function path(
  name: string,
  move: TcpPath["move"],
  open: TcpPath["open"] = () => TcpPair.open("127.0.0.1"),
): TcpPath {
  return { path: name, open, move };
}

function plain({ client, server }: TcpPair): number {
  const sent = send(client, block());
  receiveAll(server, sent);
  return sent;
}

/** The server's answer, by plain calls; returns how many bytes. */
export function reply({ client, server }: TcpPair): number {
  const sent = send(server, Buffer.alloc(REPLY));
  receiveAll(client, sent);
  return sent;
}

function block(): Uint8Array {
  return Buffer.alloc(BLOCK);
}

export function receiveAll(fd: number, bytes: number): void {
  for (let left = bytes; left > 0; ) left -= receive(fd, Buffer.alloc(left));
}

function receiveFromPipe(out: number, bytes: number): void {
  const nowhere = memoryFile();
  try {
    for (let left = bytes; left > 0; ) left -= splice(out, nowhere, left);
  } finally {
    closeSync(nowhere);
  }
}

function withFile(use: (file: number) => number): number {
  const file = memoryFile();
  try {
    ftruncateSync(file, BLOCK);
    return use(file);
  } finally {
    closeSync(file);
  }
}

/** struct tcp_zerocopy_receive (include/uapi/linux/tcp.h): address, length, and what is left to be read the plain way. */
const ZEROCOPY_BYTES = 24;

/** Takes as many whole pages as the kernel maps, and tells how many bytes those are. */
function receiveMapped(fd: number, bytes: number): number {
  const window = mapMemory(fd, 0, Math.ceil(bytes / pageSize) * pageSize, PROT_READ);
  const request = allocateMemory(ZEROCOPY_BYTES);
  try {
    const view = new DataView(request.buffer);
    view.setBigUint64(0, window.address, true);
    view.setUint32(8, bytes, true);
    exchangeOption(fd, IPPROTO_TCP, TCP_ZEROCOPY_RECEIVE, new Uint8Array(request.buffer));
    return view.getUint32(8, true);
  } finally {
    unmapMemory(window);
    unmapMemory(request);
  }
}
