import { type InputEvent, keyEvent } from "./input-event.js";
import { KEYPAD_KEYS, KEYS_BY_FINAL, KEYS_BY_NUMBER, typedKey } from "./key-codes.js";
import { mouseEvent } from "./mouse.js";

const SHIFT = 1;
const CTRL = 4;
/** Caps lock and num lock are told as modifiers, too. */
const MODIFIERS = 0xf;
const MAX_CODE_POINT = 0x10ffff;
/** xterm's modifyOtherKeys: CSI 27 ; modifiers ; code point ~ */
const OTHER_KEY = 27;
/** What rxvt sends in the place of "~". */
const RXVT_MODIFIERS: Readonly<Record<string, number>> = { $: SHIFT, "^": CTRL, "@": SHIFT | CTRL };

/** What a control sequence (CSI) says: `parameters` as they came, with their prefix; null for what is not known. */
export function controlSequenceEvent(parameters: string, final: string): InputEvent | null {
  if (parameters.startsWith("<")) return sgrMouseEvent(parameters.slice(1), final);
  if (parameters.startsWith("?")) return { kind: "reply", text: `[${parameters}${final}` };
  if (!/^[0-9;:]*$/.test(parameters)) return null;
  const numbers = parameters.split(";").map((parameter) => Number.parseInt(parameter, 10) || 0);
  const [first = 0, second = 0, third = 0] = numbers;
  const modifiers = second > 0 ? (second - 1) & MODIFIERS : 0;
  const named = KEYS_BY_FINAL.get(final);
  if (named !== undefined) return keyEvent(named, modifiers);
  switch (final) {
    case "~":
      return first === OTHER_KEY ? keyByCodePoint(third, modifiers) : keyByNumber(first, modifiers);
    case "$":
    case "^":
    case "@":
      return keyByNumber(first, RXVT_MODIFIERS[final] ?? 0);
    case "a":
    case "b":
    case "c":
    case "d":
      return arrow(final, SHIFT);
    case "u":
      return keyByCodePoint(first, modifiers);
    case "Z":
      return keyEvent("tab", SHIFT);
    case "I":
    case "O":
      return { kind: "focus", focused: final === "I" };
    default:
      return null;
  }
}

/** What a single shift (SS3) and one character say. */
export function singleShiftEvent(final: string): InputEvent | null {
  const named = KEYS_BY_FINAL.get(final);
  if (named !== undefined) return keyEvent(named);
  if (final >= "a" && final <= "d") return arrow(final, CTRL);
  const key = KEYPAD_KEYS.get(final);
  if (key === undefined) return null;
  return keyEvent(key, 0, key.length === 1 ? key : "");
}

/** rxvt has the arrows with modifiers in small letters. */
function arrow(final: string, modifiers: number): InputEvent | null {
  const named = KEYS_BY_FINAL.get(final.toUpperCase());
  return named === undefined ? null : keyEvent(named, modifiers);
}

function keyByNumber(number: number, modifiers: number): InputEvent | null {
  const named = KEYS_BY_NUMBER.get(number);
  return named === undefined ? null : keyEvent(named, modifiers);
}

function keyByCodePoint(codePoint: number, modifiers: number): InputEvent | null {
  return codePoint > MAX_CODE_POINT ? null : typedKey(codePoint, modifiers);
}

function sgrMouseEvent(parameters: string, final: string): InputEvent | null {
  const report = /^(\d{1,5});(\d{1,9});(\d{1,9})$/.exec(parameters);
  if (report === null || (final !== "M" && final !== "m")) return null;
  return mouseEvent(Number(report[1]), Number(report[2]), Number(report[3]), final === "m");
}
