import { harmless } from "../../model/text.js";
import { type KeyEvent, keyEvent } from "./input-event.js";

/** Final bytes of CSI and SS3 sequences. */
export const KEYS_BY_FINAL: ReadonlyMap<string, string> = new Map([
  ["A", "up"],
  ["B", "down"],
  ["C", "right"],
  ["D", "left"],
  ["E", "begin"],
  ["F", "end"],
  ["H", "home"],
  ["P", "f1"],
  ["Q", "f2"],
  ["R", "f3"],
  ["S", "f4"],
]);

/** The keypad in application mode: SS3 and one of these. */
const KEYPAD = "*+,-./0123456789";
const FIRST_KEYPAD_FINAL = 0x6a;
export const KEYPAD_KEYS: ReadonlyMap<string, string> = new Map([
  ["M", "enter"],
  ...[...KEYPAD].map((character, index): [string, string] => [
    String.fromCharCode(FIRST_KEYPAD_FINAL + index),
    character,
  ]),
]);

/** First parameters of CSI sequences that end in "~" (DEC VT220, xterm, rxvt). */
export const KEYS_BY_NUMBER: ReadonlyMap<number, string> = new Map([
  [1, "home"],
  [2, "insert"],
  [3, "delete"],
  [4, "end"],
  [5, "page-up"],
  [6, "page-down"],
  [7, "home"],
  [8, "end"],
  ...[11, 12, 13, 14, 15, 17, 18, 19, 20, 21, 23, 24].map((code, index): [number, string] => [
    code,
    `f${index + 1}`,
  ]),
]);

const SHIFT = 1;
const CTRL = 4;
const ALT = 2;

/** Keys that send one byte. Enter sends CR in raw mode, and LF where something translates. */
const KEYS_BY_CODE_POINT: ReadonlyMap<number, string> = new Map([
  [0x08, "backspace"],
  [0x09, "tab"],
  [0x0a, "enter"],
  [0x0d, "enter"],
  [0x1b, "escape"],
  [0x7f, "backspace"],
]);

/** The key that typed a code point; null for those that nobody types. `modifiers` as in keyEvent. */
export function typedKey(codePoint: number, modifiers = 0): KeyEvent | null {
  const named = KEYS_BY_CODE_POINT.get(codePoint);
  if (named !== undefined) return keyEvent(named, modifiers);
  if (codePoint === 0x20) return keyEvent("space", modifiers, " ");
  // Control and a letter or one of @[\]^_ is the same without its 7th bit.
  if (codePoint === 0) return keyEvent("space", modifiers | CTRL);
  if (codePoint < 0x20) {
    return keyEvent(String.fromCharCode(codePoint + 0x40).toLowerCase(), modifiers | CTRL);
  }
  const character = harmless(String.fromCodePoint(codePoint));
  // The character has its shift already.
  return character === "" ? null : keyEvent(character, modifiers & ~SHIFT, character);
}

/** Alt sends ESC first. */
export function typedWithAlt(codePoint: number): KeyEvent | null {
  return typedKey(codePoint, ALT);
}
