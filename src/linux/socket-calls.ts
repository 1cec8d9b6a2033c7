// The socket calls of libc as they are, for traffic that has to go by one certain call. Blocking; one thread.
import koffi from "koffi";

import { type Address, allocateMemory, type MappedMemory, SystemCallError } from "./libc.js";

const libc = koffi.load(null);

export const AF_INET = 2;
export const AF_INET6 = 10;
export const SOCK_STREAM = 1;
export const SOCK_DGRAM = 2;
export const IPPROTO_MPTCP = 262;
export const SOL_SOCKET = 1;
export const SO_ZEROCOPY = 60;
export const IPPROTO_IP = 0;
export const IPPROTO_TCP = 6;
export const IPPROTO_UDP = 17;
export const IP_RECVERR = 11;
export const TCP_ZEROCOPY_RECEIVE = 35;
export const UDP_SEGMENT = 103;
export const UDP_GRO = 104;
export const MSG_PEEK = 0x2;
export const MSG_TRUNC = 0x20;
export const MSG_WAITALL = 0x100;
export const MSG_ERRQUEUE = 0x2000;
export const MSG_MORE = 0x8000;
export const MSG_ZEROCOPY = 0x400_0000;

const SOCK_CLOEXEC = 0o2000000;
const SO_RCVTIMEO = 20;
const SO_SNDTIMEO = 21;
const SO_LINGER = 13;
/** A call that waits longer than this has gone wrong. */
const TIMEOUT_SECONDS = 5;
const SPLICE_F_MOVE = 1;

const socketCall = libc.func("int socket(int domain, int type, int protocol)");
const bindCall = libc.func("int bind(int fd, const void *address, uint32_t length)");
const connectCall = libc.func("int connect(int fd, const void *address, uint32_t length)");
const listenCall = libc.func("int listen(int fd, int backlog)");
const acceptCall = libc.func("int accept4(int fd, void *address, void *length, int flags)");
const nameCall = libc.func("int getsockname(int fd, _Out_ void *address, _Inout_ uint32_t *length)");
const setOptionCall = libc.func(
  "int setsockopt(int fd, int level, int name, const void *value, uint32_t length)",
);
const getOptionCall = libc.func(
  "int getsockopt(int fd, int level, int name, void *value, _Inout_ uint32_t *length)",
);
const sendtoCall = libc.func(
  "int64_t sendto(int fd, const void *bytes, size_t length, int flags, const void *address, uint32_t address_length)",
);
const recvfromCall = libc.func(
  "int64_t recvfrom(int fd, void *bytes, size_t length, int flags, void *address, void *address_length)",
);
const sendmsgCall = libc.func("int64_t sendmsg(int fd, const void *message, int flags)");
const recvmsgCall = libc.func("int64_t recvmsg(int fd, void *message, int flags)");
const sendmmsgCall = libc.func("int sendmmsg(int fd, void *messages, uint32_t count, int flags)");
const recvmmsgCall = libc.func(
  "int recvmmsg(int fd, void *messages, uint32_t count, int flags, void *timeout)",
);
const readvCall = libc.func("int64_t readv(int fd, const void *vector, int count)");
const writevCall = libc.func("int64_t writev(int fd, const void *vector, int count)");
const sendfileCall = libc.func("int64_t sendfile(int out, int in, void *offset, size_t count)");
const spliceCall = libc.func(
  "int64_t splice(int from, void *from_offset, int to, void *to_offset, size_t length, uint32_t flags)",
);
const pipeCall = libc.func("int pipe2(_Out_ int *ends, int flags)");
const memfdCall = libc.func("int memfd_create(const char *name, uint32_t flags)");
const shutdownCall = libc.func("int shutdown(int fd, int how)");
const ioctlCall = libc.func("int ioctl(int fd, uint64_t request, _Inout_ void *argument)");
const unshareCall = libc.func("int unshare(int flags)");

function checked(call: string, result: number): number {
  if (result < 0) throw new SystemCallError(call, koffi.errno());
  return result;
}

/** A socket whose calls fail after some seconds instead of waiting for ever. */
export function socket(family: number, type: number, protocol = 0): number {
  const fd = checked("socket", socketCall(family, type | SOCK_CLOEXEC, protocol));
  const timeout = Buffer.alloc(16);
  timeout.writeBigInt64LE(BigInt(TIMEOUT_SECONDS));
  setOption(fd, SOL_SOCKET, SO_RCVTIMEO, timeout);
  setOption(fd, SOL_SOCKET, SO_SNDTIMEO, timeout);
  return fd;
}

export function setOption(fd: number, level: number, name: number, value: Uint8Array | number): void {
  const bytes = typeof value === "number" ? int32(value) : value;
  checked(`setsockopt(${level}, ${name})`, setOptionCall(fd, level, name, bytes, bytes.length));
}

/** Lets getsockopt change `value` in place. */
export function exchangeOption(fd: number, level: number, name: number, value: Uint8Array): void {
  checked(`getsockopt(${level}, ${name})`, getOptionCall(fd, level, name, value, [value.length]));
}

/** Makes close() send a RST. */
export function resetOnClose(fd: number): void {
  setOption(fd, SOL_SOCKET, SO_LINGER, Buffer.concat([int32(1), int32(0)]));
}

/** One end, as sockaddr_in or sockaddr_in6 has it. */
export interface SocketAddress {
  readonly family: 4 | 6;
  /** 4 bytes, or 16. */
  readonly address: Uint8Array;
  readonly port: number;
}

export function bind(fd: number, address: SocketAddress): void {
  const bytes = sockaddr(address);
  checked("bind", bindCall(fd, bytes, bytes.length));
}

export function connect(fd: number, address: SocketAddress): void {
  const bytes = sockaddr(address);
  checked("connect", connectCall(fd, bytes, bytes.length));
}

export function listen(fd: number): void {
  checked("listen", listenCall(fd, 128));
}

export function accept(fd: number): number {
  return checked("accept4", acceptCall(fd, null, null, SOCK_CLOEXEC));
}

export function localAddress(fd: number): SocketAddress {
  const bytes = Buffer.alloc(28);
  checked("getsockname", nameCall(fd, bytes, [bytes.length]));
  const port = bytes.readUInt16BE(2);
  return bytes.readUInt16LE(0) === AF_INET
    ? { family: 4, address: bytes.subarray(4, 8), port }
    : { family: 6, address: bytes.subarray(8, 24), port };
}

/** Sends at most all of `bytes`, to `to` where that is given; returns how many. */
export function send(fd: number, bytes: Uint8Array, flags = 0, to: SocketAddress | null = null): number {
  const address = to === null ? null : sockaddr(to);
  return checked("sendto", sendtoCall(fd, bytes, bytes.length, flags, address, address?.length ?? 0));
}

/** Receives once; `isNamed` asks for the sender's name, which is dropped. Returns what the call returned. */
export function receive(fd: number, into: Uint8Array, flags = 0, isNamed = false): number {
  const name = isNamed ? Buffer.alloc(28) : null;
  return checked(
    "recvfrom",
    recvfromCall(fd, into, into.length, flags, name, name === null ? null : int32(28)),
  );
}

export function shutdownSending(fd: number): void {
  checked("shutdown", shutdownCall(fd, 1));
}

export function sendFile(out: number, file: number, length: number): number {
  return checked("sendfile", sendfileCall(out, file, Buffer.alloc(8), length));
}

/** Moves bytes between a pipe and something else. */
export function splice(from: number, to: number, length: number): number {
  return checked("splice", spliceCall(from, null, to, null, length, SPLICE_F_MOVE));
}

export function pipe(): readonly [number, number] {
  const ends = [0, 0];
  checked("pipe2", pipeCall(ends, SOCK_CLOEXEC));
  return [ends[0] ?? -1, ends[1] ?? -1];
}

/** A file in memory that has no name. */
export function memoryFile(): number {
  return checked("memfd_create", memfdCall("tcptop", 1));
}

/** Puts this thread into namespaces of its own; they end with it. */
export function unshare(kinds: number): void {
  checked("unshare", unshareCall(kinds));
}

const SIOCGIFFLAGS = 0x8913;
const SIOCSIFFLAGS = 0x8914;
const IFF_UP = 1;

/** Switches the loopback device of this thread's network namespace on. */
export function bringLoopbackUp(fd: number): void {
  const request = Buffer.alloc(40);
  request.write("lo");
  checked("SIOCGIFFLAGS", ioctlCall(fd, SIOCGIFFLAGS, request));
  request.writeUInt16LE(request.readUInt16LE(16) | IFF_UP, 16);
  checked("SIOCSIFFLAGS", ioctlCall(fd, SIOCSIFFLAGS, request));
}

function sockaddr({ family, address, port }: SocketAddress): Uint8Array {
  const bytes = Buffer.alloc(family === 4 ? 16 : 28);
  bytes.writeUInt16LE(family === 4 ? AF_INET : AF_INET6, 0);
  bytes.writeUInt16BE(port, 2);
  bytes.set(address, family === 4 ? 4 : 8);
  return bytes;
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes;
}

const IOVEC_BYTES = 16;
const MSGHDR_BYTES = 56;
const MMSGHDR_BYTES = 64;
const MMSGHDR_LENGTH_AT = 56;
const NAME_BYTES = 28;

/**
 * Messages for sendmsg(2) and its kin, which are given addresses: so they lie in memory of their own, with what they
 * send or receive. One buffer, and one name, for each message.
 */
export class Messages {
  readonly #memory: MappedMemory;
  readonly #view: DataView;
  readonly #count: number;
  readonly #vectorsAt: number;

  /** `count` messages of `bytes` each; `to` is whom they name, null for none. */
  constructor(count: number, bytes: number, to: SocketAddress | null) {
    const namesAt = count * (MMSGHDR_BYTES + IOVEC_BYTES);
    const buffersAt = namesAt + count * NAME_BYTES;
    this.#memory = allocateMemory(buffersAt + count * bytes);
    this.#view = new DataView(this.#memory.buffer);
    this.#count = count;
    this.#vectorsAt = count * MMSGHDR_BYTES;
    for (let message = 0; message < count; message++) {
      const vectorAt = this.#vectorsAt + message * IOVEC_BYTES;
      this.#pointer(vectorAt, buffersAt + message * bytes);
      this.#view.setBigUint64(vectorAt + 8, BigInt(bytes), true);
      const at = message * MMSGHDR_BYTES;
      if (to !== null) {
        const name = sockaddr(to);
        new Uint8Array(this.#memory.buffer).set(name, namesAt + message * NAME_BYTES);
        this.#pointer(at, namesAt + message * NAME_BYTES);
        this.#view.setUint32(at + 8, name.length, true);
      }
      this.#pointer(at + 16, vectorAt);
      this.#view.setBigUint64(at + 24, 1n, true);
    }
  }

  /** The first message alone. */
  send(fd: number, flags = 0): number {
    return checked("sendmsg", sendmsgCall(fd, this.#first(MSGHDR_BYTES), flags));
  }

  receive(fd: number, flags = 0): number {
    return checked("recvmsg", recvmsgCall(fd, this.#first(MSGHDR_BYTES), flags));
  }

  /** All in one call; returns the bytes of all. */
  sendAll(fd: number): number {
    return this.#sum(checked("sendmmsg", sendmmsgCall(fd, this.#first(this.#memory.length), this.#count, 0)));
  }

  receiveAll(fd: number): number {
    const messages = this.#first(this.#memory.length);
    return this.#sum(checked("recvmmsg", recvmmsgCall(fd, messages, this.#count, 0, null)));
  }

  /** The buffers of all as one vector of a stream. */
  write(fd: number): number {
    return checked("writev", writevCall(fd, this.#vectors(), this.#count));
  }

  read(fd: number): number {
    return checked("readv", readvCall(fd, this.#vectors(), this.#count));
  }

  #pointer(at: number, target: number): void {
    this.#view.setBigUint64(at, this.#memory.address + BigInt(target), true);
  }

  #first(length: number): Uint8Array {
    return new Uint8Array(this.#memory.buffer, 0, length);
  }

  #vectors(): Uint8Array {
    return new Uint8Array(this.#memory.buffer, this.#vectorsAt);
  }

  #sum(messages: number): number {
    let bytes = 0;
    for (let message = 0; message < messages; message++)
      bytes += this.#view.getUint32(message * MMSGHDR_BYTES + MMSGHDR_LENGTH_AT, true);
    return bytes;
  }
}

export type { Address };
