// The few calls of libc that Node does not offer.
import koffi from "koffi";

const libc = koffi.load(null);

export const PROT_READ = 1;
export const PROT_WRITE = 2;
const MAP_SHARED = 1;
export const CLONE_NEWNET = 0x4000_0000;
const MSG_DONTWAIT = 0x40;

/** Memory of this process, outside V8's heap. */
export type Address = bigint;

const mmapCall = libc.func("void *mmap(void *addr, size_t length, int prot, int flags, int fd, long offset)");
const munmapCall = libc.func("int munmap(void *addr, size_t length)");
const setnsCall = libc.func("int setns(int fd, int nstype)");
const strerrorCall = libc.func("const char *strerror(int errnum)");
const getpagesizeCall = libc.func("int getpagesize()");
const vsnprintfCall = libc.func("int vsnprintf(_Out_ void *str, size_t size, void *format, void *ap)");
const socketCall = libc.func("int socket(int domain, int type, int protocol)");
const sendCall = libc.func("int64_t send(int fd, const void *buf, size_t len, int flags)");
const recvCall = libc.func("int64_t recv(int fd, _Out_ void *buf, size_t len, int flags)");
const bindCall = libc.func("int bind(int fd, const void *addr, uint32_t len)");
const setsockoptCall = libc.func(
  "int setsockopt(int fd, int level, int name, const void *value, uint32_t len)",
);

const ifIndexToNameCall = libc.func("void *if_indextoname(unsigned int ifindex, _Out_ uint8_t *ifname)");
/** With the zero at its end (include/uapi/linux/if.h). */
const IFNAMSIZ = 16;
const getsocknameCall = libc.func("int getsockname(int fd, _Out_ void *address, _Inout_ uint32_t *length)");
const sendtoCall = libc.func(
  "int64_t sendto(int fd, const void *buf, size_t len, int flags, const void *address, uint32_t length)",
);
const syscallCall = libc.func(
  "long syscall(long number, const void *attributes, int pid, int cpu, int group, unsigned long flags)",
);

export const pageSize: number = getpagesizeCall() as number;

/** The kernel's words for an error number, positive or negative. */
export function errorText(error: number): string {
  return strerrorCall(Math.abs(error)) as string;
}

/** A failed system call: which, and what the kernel said. */
export class SystemCallError extends Error {
  override readonly name = "SystemCallError";
  readonly errno: number;

  constructor(call: string, errno: number) {
    super(`${call}: ${errorText(errno)}`);
    this.errno = errno;
  }
}

function failure(call: string): SystemCallError {
  return new SystemCallError(call, koffi.errno());
}

/** Maps `length` bytes of `fd`; the views of the memory must be dropped before `unmapMemory`. */
export function mapMemory(fd: number, offset: number, length: number, protection: number): MappedMemory {
  const address = mmapCall(null, length, protection, MAP_SHARED, fd, offset) as Address;
  if (address === 0xffff_ffff_ffff_ffffn || address === -1n) throw failure("mmap");
  return { address, length, buffer: koffi.view(address, length) };
}

const MAP_PRIVATE = 2;
const MAP_ANONYMOUS = 0x20;

/** Memory of nothing, whose address native calls can be given. */
export function allocateMemory(length: number): MappedMemory {
  const address = mmapCall(
    null,
    length,
    PROT_READ | PROT_WRITE,
    MAP_PRIVATE | MAP_ANONYMOUS,
    -1,
    0,
  ) as Address;
  if (address === 0xffff_ffff_ffff_ffffn || address === -1n) throw failure("mmap");
  return { address, length, buffer: koffi.view(address, length) };
}

export interface MappedMemory {
  readonly address: Address;
  readonly length: number;
  readonly buffer: ArrayBuffer;
}

export function unmapMemory(memory: MappedMemory): void {
  munmapCall(memory.address, memory.length);
}

/** Moves the calling thread into a namespace. Only for code that moves back before it returns. */
export function enterNamespace(fd: number, kind: number): void {
  if ((setnsCall(fd, kind) as number) !== 0) throw failure("setns");
}

/** What the device with that index is called in this thread's network namespace; null for none. */
export function deviceNameOf(index: number): string | null {
  const name = Buffer.alloc(IFNAMSIZ);
  if (ifIndexToNameCall(index, name) === null) return null;
  return name.toString("utf8", 0, name.indexOf(0));
}

/** A verifier's log comes as one message, and its last line matters most: enough for any but a program far too large. */
const MESSAGE_BYTES = 16 * 1024 * 1024;

/** Formats a C format with its va_list, which both x86_64 and arm64 pass as a pointer. It can be gone through once only. */
export function formatMessage(format: Address, args: Address): string {
  // Not zeroed: pages that no text reaches cost nothing.
  const text = Buffer.allocUnsafe(MESSAGE_BYTES);
  const length = vsnprintfCall(text, text.length, format, args) as number;
  return text.toString("utf8", 0, Math.max(0, Math.min(length, text.length - 1)));
}

export function openSocket(domain: number, type: number, protocol: number): number {
  const fd = socketCall(domain, type, protocol) as number;
  if (fd < 0) throw failure("socket");
  return fd;
}

export function sendMessage(fd: number, message: Uint8Array): void {
  if ((sendCall(fd, message, message.length, 0) as number) < 0) throw failure("send");
}

/** Receives one message that is there already into `into`, and tells its length. */
export function receiveMessage(fd: number, into: Uint8Array): number {
  const length = receiveOrErrno(fd, into);
  if (length < 0) throw new SystemCallError("recv", -length);
  return length;
}

/** As `receiveMessage`; a failure is no exception but the error's number, negative: that nothing is there is no news. */
export function receiveOrErrno(fd: number, into: Uint8Array): number {
  const length = recvCall(fd, into, into.length, MSG_DONTWAIT) as number;
  return length < 0 ? -koffi.errno() : length;
}

/** Receives one message into `into`, waits for it, and tells its length. */
export function awaitMessage(fd: number, into: Uint8Array): number {
  const length = recvCall(fd, into, into.length, 0) as number;
  if (length < 0) throw failure("recv");
  return length;
}

/** Gives a socket its address, as the bytes of a struct sockaddr. */
export function bindSocket(fd: number, address: Uint8Array): void {
  if ((bindCall(fd, address, address.length) as number) < 0) throw failure("bind");
}

/** The address that a socket is bound to, as the bytes of a struct sockaddr. */
export function boundAddress(fd: number, length: number): Uint8Array {
  const address = new Uint8Array(length);
  if ((getsocknameCall(fd, address, [length]) as number) < 0) throw failure("getsockname");
  return address;
}

/** Sends one message to an address, as the bytes of a struct sockaddr. */
export function sendMessageTo(fd: number, message: Uint8Array, address: Uint8Array): void {
  if ((sendtoCall(fd, message, message.length, 0, address, address.length) as number) < 0)
    throw failure("sendto");
}

/** Sets an option that is an int; tells whether the kernel took it. */
export function setSocketOption(fd: number, level: number, name: number, value: number): boolean {
  const bytes = Int32Array.of(value);
  return (setsockoptCall(fd, level, name, bytes, bytes.byteLength) as number) === 0;
}

/** __NR_perf_event_open, by the architecture's name in Node. */
const PERF_EVENT_OPEN: Readonly<Record<string, number>> = { x64: 298, arm64: 241 };
const PERF_TYPE_TRACEPOINT = 2;
/** PERF_ATTR_SIZE_VER5 (include/uapi/linux/perf_event.h) */
const PERF_ATTRIBUTES_BYTES = 112;
const PERF_FLAG_FD_CLOEXEC = 8;
const ENOSYS = 38;

/** A perf event for a trace event, by its number: programs that are attached to it run on all CPUs. */
export function openTracepointEvent(id: number): number {
  const number = PERF_EVENT_OPEN[process.arch];
  if (number === undefined) throw new SystemCallError("perf_event_open", ENOSYS);
  const attributes = Buffer.alloc(PERF_ATTRIBUTES_BYTES);
  attributes.writeUInt32LE(PERF_TYPE_TRACEPOINT, 0);
  attributes.writeUInt32LE(PERF_ATTRIBUTES_BYTES, 4);
  attributes.writeBigUInt64LE(BigInt(id), 8);
  // sample_period, and wakeup_events
  attributes.writeBigUInt64LE(1n, 16);
  attributes.writeUInt32LE(1, 48);
  const fd = syscallCall(number, attributes, -1, 0, -1, PERF_FLAG_FD_CLOEXEC) as number;
  if (fd < 0) throw failure("perf_event_open");
  return fd;
}
