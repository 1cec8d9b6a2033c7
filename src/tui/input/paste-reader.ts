import { harmless } from "../../model/text.js";
import type { Taken } from "./take-event.js";

/** Of a text that is longer, the rest is dropped: a filter is what is pasted here. */
export const MAX_PASTED_BYTES = 4096;

/** CSI 201 ~ */
const END = [0x1b, 0x5b, 0x32, 0x30, 0x31, 0x7e];
/** Terminals take it out of what they paste; should the end never come, it is the way out. */
const CTRL_C = 0x03;
const BREAKS = /[\r\n\t]+/g;

/** Reads one pasted text, to its end (bracketed paste, DEC private mode 2004). */
export class PasteReader {
  readonly #kept: number[] = [];

  /** Takes text without an event until the end is there; null when the last bytes may begin the end. */
  takeFrom(bytes: Uint8Array, at: number): Taken | null {
    for (let index = at; index < bytes.length; index++) {
      const byte = bytes[index] ?? 0;
      if (byte === CTRL_C) return this.#ended(index - at);
      if (byte === END[0]) {
        const same = agreeing(bytes, index);
        if (same === END.length) return this.#ended(index - at + END.length);
        if (index + same === bytes.length) {
          return index === at ? null : { bytes: index - at, event: null, next: "paste" };
        }
      }
      if (this.#kept.length < MAX_PASTED_BYTES) this.#kept.push(byte);
    }
    return { bytes: bytes.length - at, event: null, next: "paste" };
  }

  #ended(bytes: number): Taken {
    // Cut in the middle of a character, the last one is no more than a replacement character.
    const text = new TextDecoder("utf-8")
      .decode(new Uint8Array(this.#kept))
      .replace(/(?<!\ufffd)\ufffd+$/, "");
    return { bytes, event: { kind: "paste", text: harmless(text.replace(BREAKS, " ")) }, next: "keys" };
  }
}

/** How many bytes from `at` on are those of the end. */
function agreeing(bytes: Uint8Array, at: number): number {
  let count = 0;
  while (count < END.length && bytes[at + count] === END[count]) count++;
  return count;
}
