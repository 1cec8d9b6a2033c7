import type { SocketCookie } from "../model/sample.js";
import { harmless } from "../model/text.js";

/** Bytes that the kernel wrote, seen in the two ways that decoders read them. Little-endian, as every target is. */
export interface RecordMemory {
  readonly bytes: Buffer;
  readonly view: DataView;
}

export function recordMemory(
  buffer: ArrayBuffer,
  offset = 0,
  length = buffer.byteLength - offset,
): RecordMemory {
  return {
    bytes: Buffer.from(buffer, offset, length),
    view: new DataView(buffer, offset, length),
  };
}

/** A place in record memory; the generated decoders extend it with a getter for each member. */
export class RecordCursor {
  readonly bytes: Buffer;
  readonly view: DataView;
  at: number;

  constructor(memory: RecordMemory, at = 0) {
    this.bytes = memory.bytes;
    this.view = memory.view;
    this.at = at;
  }
}

/** A 64-bit count or time. Above 2^53 (9 PB; 104 days in ns) it is off by less than one part in 2^53. */
export function readU64(view: DataView, at: number): number {
  return view.getUint32(at + 4, true) * 0x1_0000_0000 + view.getUint32(at, true);
}

/** A 64-bit identity, exact: cookies of nested namespaces count down from 2^64. */
export function readCookie(view: DataView, at: number): SocketCookie {
  const high = view.getUint32(at + 4, true);
  return high < 0x20_0000 ? high * 0x1_0000_0000 + view.getUint32(at, true) : view.getBigUint64(at, true);
}

/** A name in a fixed array, up to its NUL. The kernel cuts names at bytes, not at characters. */
export function readText(bytes: Buffer, at: number, size: number): string {
  let end = at;
  while (end < at + size && bytes[end] !== 0) end++;
  return end === at ? "" : harmless(bytes.toString("utf8", at, end));
}

/** A run of bytes as a binary string: cheap to make, and fit to be a Map's key. */
export function readBytes(bytes: Buffer, at: number, size: number): string {
  return bytes.toString("latin1", at, at + size);
}
