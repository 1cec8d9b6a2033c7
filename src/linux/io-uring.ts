// io_uring(7), one request at a time: enough to send and receive by it.
import { closeSync } from "node:fs";
import koffi from "koffi";

import {
  allocateMemory,
  type MappedMemory,
  mapMemory,
  PROT_READ,
  PROT_WRITE,
  SystemCallError,
  unmapMemory,
} from "./libc.js";

const libc = koffi.load(null);
// The same numbers on x86_64 and arm64.
const SYS_IO_URING_SETUP = 425;
const SYS_IO_URING_ENTER = 426;
const setupCall = libc.func("long syscall(long number, uint32_t entries, _Inout_ void *params)");
const enterCall = libc.func(
  "long syscall(long number, int fd, uint32_t to_submit, uint32_t min_complete, uint32_t flags, void *sig, size_t size)",
);

const ENTRIES = 4;
const PARAMS_BYTES = 120;
const SQE_BYTES = 64;
const CQE_BYTES = 16;
const OFFSET_SQ_RING = 0;
const OFFSET_CQ_RING = 0x800_0000;
const OFFSET_SQES = 0x1000_0000;
const ENTER_GETEVENTS = 1;
const OP_SEND = 26;
const OP_RECV = 27;
/** Where struct io_uring_params has the offsets of the two rings (include/uapi/linux/io_uring.h). */
const SQ_OFFSETS_AT = 40;
const CQ_OFFSETS_AT = 80;

export class IoUring {
  readonly #fd: number;
  readonly #params = Buffer.alloc(PARAMS_BYTES);
  readonly #sq: MappedMemory;
  readonly #cq: MappedMemory;
  readonly #sqes: MappedMemory;
  readonly #data: MappedMemory;

  /** `bytes` is the most that one request moves. @throws SystemCallError where the kernel has none, or forbids it. */
  constructor(bytes: number) {
    const fd = setupCall(SYS_IO_URING_SETUP, ENTRIES, this.#params) as number;
    if (fd < 0) throw new SystemCallError("io_uring_setup", koffi.errno());
    this.#fd = fd;
    const access = PROT_READ | PROT_WRITE;
    const sqBytes = this.#offset(SQ_OFFSETS_AT, 6) + this.#params.readUInt32LE(0) * 4;
    const cqBytes = this.#offset(CQ_OFFSETS_AT, 5) + this.#params.readUInt32LE(4) * CQE_BYTES;
    this.#sq = mapMemory(fd, OFFSET_SQ_RING, sqBytes, access);
    this.#cq = mapMemory(fd, OFFSET_CQ_RING, cqBytes, access);
    this.#sqes = mapMemory(fd, OFFSET_SQES, this.#params.readUInt32LE(0) * SQE_BYTES, access);
    this.#data = allocateMemory(bytes);
  }

  /** Sends bytes of no meaning; returns how many. */
  send(fd: number, bytes: number): number {
    return this.#request("send by io_uring", OP_SEND, fd, bytes);
  }

  receive(fd: number, bytes: number): number {
    return this.#request("receive by io_uring", OP_RECV, fd, bytes);
  }

  close(): void {
    for (const memory of [this.#sq, this.#cq, this.#sqes, this.#data]) unmapMemory(memory);
    closeSync(this.#fd);
  }

  #request(call: string, opcode: number, fd: number, bytes: number): number {
    const sqe = new DataView(this.#sqes.buffer, 0, SQE_BYTES);
    new Uint8Array(this.#sqes.buffer, 0, SQE_BYTES).fill(0);
    sqe.setUint8(0, opcode);
    sqe.setInt32(4, fd, true);
    sqe.setBigUint64(16, this.#data.address, true);
    sqe.setUint32(24, bytes, true);
    // The ring's index array: entry 0 of the requests, at the tail.
    const sq = new Uint32Array(this.#sq.buffer, 0, this.#sq.length >>> 2);
    const tailAt = this.#offset(SQ_OFFSETS_AT, 1) >>> 2;
    const mask = sq[this.#offset(SQ_OFFSETS_AT, 2) >>> 2] ?? 0;
    const tail = Atomics.load(sq, tailAt);
    sq[(this.#offset(SQ_OFFSETS_AT, 6) >>> 2) + (tail & mask)] = 0;
    Atomics.store(sq, tailAt, tail + 1);
    const entered = enterCall(SYS_IO_URING_ENTER, this.#fd, 1, 1, ENTER_GETEVENTS, null, 0) as number;
    if (entered < 0) throw new SystemCallError("io_uring_enter", koffi.errno());
    const result = this.#takeResult();
    if (result < 0) throw new SystemCallError(call, -result);
    return result;
  }

  #takeResult(): number {
    const words = new Int32Array(this.#cq.buffer, 0, this.#cq.length >>> 2);
    const headAt = this.#offset(CQ_OFFSETS_AT, 0) >>> 2;
    const mask = words[this.#offset(CQ_OFFSETS_AT, 2) >>> 2] ?? 0;
    const head = Atomics.load(words, headAt);
    const result = words[(this.#offset(CQ_OFFSETS_AT, 5) + (head & mask) * CQE_BYTES + 8) >>> 2] ?? 0;
    Atomics.store(words, headAt, head + 1);
    return result;
  }

  #offset(at: number, word: number): number {
    return this.#params.readUInt32LE(at + 4 * word);
  }
}
