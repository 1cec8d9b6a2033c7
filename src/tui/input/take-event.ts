import { controlSequenceEvent, singleShiftEvent } from "./control-sequence.js";
import { type InputEvent, keyEvent } from "./input-event.js";
import { typedKey, typedWithAlt } from "./key-codes.js";
import { mouseEvent } from "./mouse.js";
import { decodeUtf8 } from "./utf-8.js";

/** How the bytes go on after an event: keys again, or the rest of something too long, or a pasted text. */
export type Next = "keys" | "skipped-string" | "skipped-sequence" | "paste";

/** What some bytes stand for; null as event for nothing. */
export interface Taken {
  readonly bytes: number;
  readonly event: InputEvent | null;
  readonly next: Next;
}

export const ESCAPE = 0x1b;
const BELL = 0x07;
const BACKSLASH = 0x5c;
const LEFT_BRACKET = 0x5b;
const SMALLEST_FINAL = 0x40;
const LARGEST_FINAL = 0x7e;
const LARGEST_PARAMETER = 0x3f;
const DOLLAR = 0x24;
const MAX_SEQUENCE_BYTES = 64;
const MAX_STRING_BYTES = 256;
/** What precedes the three bytes of a report in xterm's first mouse protocol: CSI M. */
const MOUSE_FINAL = 0x4d;
const MOUSE_OFFSET = 32;
const PASTE_BEGIN = "200";

/** The first event from `at` on; null when it takes more bytes to tell. */
export function takeFrom(bytes: Uint8Array, at: number): Taken | null {
  if (bytes[at] === ESCAPE) return takeEscape(bytes, at);
  const decoded = decodeUtf8(bytes, at);
  if (decoded === null) return null;
  return taken(decoded.bytes, decoded.codePoint === null ? null : typedKey(decoded.codePoint));
}

/** Goes over what is left of a string that was too long; null when its end may be begun. */
export function skipString(bytes: Uint8Array, at: number): Taken | null {
  const end = stringEnd(bytes, at, bytes.length);
  if (end === null) return null;
  return taken(end.after - at, null, end.kind === "open" ? "skipped-string" : "keys");
}

/** Goes over what is left of a control sequence that was too long. */
export function skipSequence(bytes: Uint8Array, at: number): Taken {
  let index = at;
  while (index < bytes.length && isParameter(bytes[index] ?? 0)) index++;
  if (index === bytes.length) return taken(index - at, null, "skipped-sequence");
  return taken(index - at + (isFinal(bytes[index] ?? 0) ? 1 : 0), null);
}

function taken(bytes: number, event: InputEvent | null, next: Next = "keys"): Taken {
  return { bytes, event, next };
}

function takeEscape(bytes: Uint8Array, at: number): Taken | null {
  const introducer = bytes[at + 1];
  if (introducer === undefined) return null;
  if (introducer === ESCAPE) return taken(1, typedKey(ESCAPE));
  switch (String.fromCharCode(introducer)) {
    case "[":
      return takeControlSequence(bytes, at);
    case "O":
      return takeSingleShift(bytes, at);
    // OSC, DCS, SOS, PM and APC: strings, ended by ST or BEL.
    case "]":
    case "P":
    case "X":
    case "^":
    case "_":
      return takeString(bytes, at);
  }
  const decoded = decodeUtf8(bytes, at + 1);
  if (decoded === null) return null;
  if (decoded.codePoint === null) return taken(1, typedKey(ESCAPE));
  return taken(1 + decoded.bytes, typedWithAlt(decoded.codePoint));
}

function takeControlSequence(bytes: Uint8Array, at: number): Taken | null {
  const start = at + 2;
  if (bytes[start] === MOUSE_FINAL) return takeFirstMouseReport(bytes, start + 1);
  if (bytes[start] === LEFT_BRACKET) return takeConsoleFunctionKey(bytes, start + 1);
  for (let index = start; index < bytes.length; index++) {
    const byte = bytes[index] ?? 0;
    if (index - start === MAX_SEQUENCE_BYTES) return taken(index - at, null, "skipped-sequence");
    const isRxvtShift = byte === DOLLAR && index > start && isNumber(bytes, start, index);
    if (isFinal(byte) || isRxvtShift) {
      return sequenceTaken(text(bytes, start, index), String.fromCharCode(byte), index + 1 - at);
    }
    // Whatever does not belong there ends it, and is looked at by itself.
    if (!isParameter(byte)) return taken(index - at, null);
  }
  return null;
}

function sequenceTaken(parameters: string, final: string, bytes: number): Taken {
  if (parameters === PASTE_BEGIN && final === "~") return taken(bytes, null, "paste");
  return taken(bytes, controlSequenceEvent(parameters, final));
}

function takeFirstMouseReport(bytes: Uint8Array, at: number): Taken | null {
  const [code, column, row] = [bytes[at], bytes[at + 1], bytes[at + 2]];
  if (code === undefined || column === undefined || row === undefined) return null;
  const event =
    code < MOUSE_OFFSET
      ? null
      : mouseEvent(code - MOUSE_OFFSET, column - MOUSE_OFFSET, row - MOUSE_OFFSET, false);
  return taken(6, event);
}

/** The Linux console sends CSI [ A to CSI [ E for F1 to F5. */
function takeConsoleFunctionKey(bytes: Uint8Array, at: number): Taken | null {
  const letter = bytes[at];
  if (letter === undefined) return null;
  const number = letter - SMALLEST_FINAL;
  return number >= 1 && number <= 5 ? taken(4, keyEvent(`f${number}`)) : taken(3, null);
}

function takeSingleShift(bytes: Uint8Array, at: number): Taken | null {
  const final = bytes[at + 2];
  if (final === undefined) return null;
  if (final < 0x20 || final >= 0x7f) return taken(2, typedWithAlt(bytes[at + 1] ?? 0));
  return taken(3, singleShiftEvent(String.fromCharCode(final)));
}

function takeString(bytes: Uint8Array, at: number): Taken | null {
  const start = at + 2;
  const end = stringEnd(bytes, start, Math.min(bytes.length, start + MAX_STRING_BYTES));
  if (end === null) return null;
  if (end.kind === "open") {
    const isTooLong = end.after - start === MAX_STRING_BYTES;
    return isTooLong ? taken(end.after - at, null, "skipped-string") : null;
  }
  const isReply = end.kind === "complete" && bytes[at + 1] === "]".charCodeAt(0);
  const event: InputEvent | null = isReply ? { kind: "reply", text: text(bytes, at + 1, end.before) } : null;
  return taken(end.after - at, event);
}

interface StringEnd {
  /** `broken`: by something that can't be in it, which is then looked at by itself. */
  readonly kind: "complete" | "broken" | "open";
  readonly before: number;
  readonly after: number;
}

/** Where a string ends; null when its last byte may begin the end. */
function stringEnd(bytes: Uint8Array, from: number, limit: number): StringEnd | null {
  for (let index = from; index < limit; index++) {
    const byte = bytes[index] ?? 0;
    if (byte === BELL) return { kind: "complete", before: index, after: index + 1 };
    if (byte === ESCAPE) {
      const next = bytes[index + 1];
      if (next === undefined) return null;
      if (next === BACKSLASH) return { kind: "complete", before: index, after: index + 2 };
    }
    if (byte < 0x20) return { kind: "broken", before: index, after: index };
  }
  return { kind: "open", before: limit, after: limit };
}

function isFinal(byte: number): boolean {
  return byte >= SMALLEST_FINAL && byte <= LARGEST_FINAL;
}

/** Also intermediate bytes: what has them is no key. */
function isParameter(byte: number): boolean {
  return byte >= 0x20 && byte <= LARGEST_PARAMETER;
}

function isNumber(bytes: Uint8Array, from: number, to: number): boolean {
  for (let index = from; index < to; index++) {
    const byte = bytes[index] ?? 0;
    if (byte < 0x30 || byte > 0x39) return false;
  }
  return true;
}

/** ASCII; of other bytes a "?". */
function text(bytes: Uint8Array, from: number, to: number): string {
  let made = "";
  for (let index = from; index < to; index++) {
    const byte = bytes[index] ?? 0;
    made += byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : "?";
  }
  return made;
}
