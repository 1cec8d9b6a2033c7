import { harmless } from "../../model/text.js";
import { KEYS_BY_FINAL, KEYS_BY_NUMBER } from "./key-codes.js";

/** Keys that type no character of their own. */
export const NAMED_KEYS: readonly string[] = [
  ...new Set([
    ...["enter", "space", "tab", "backspace", "escape"],
    ...KEYS_BY_FINAL.values(),
    ...KEYS_BY_NUMBER.values(),
  ]),
];

/** Whether it is the name of a key that a terminal can tell of (see KeyEvent). */
export function isKeyName(name: string): boolean {
  const { modifiers = "", key = "" } =
    /^(?<modifiers>(?:ctrl\+)?(?:alt\+)?(?:shift\+)?)(?<key>.+)$/su.exec(name)?.groups ?? {};
  if (NAMED_KEYS.includes(key)) return true;
  const isCharacter = [...key].length === 1 && key !== " " && harmless(key) === key;
  // A character has its shift in itself, and with Ctrl there is none.
  return isCharacter && !modifiers.includes("shift") && !(modifiers.includes("ctrl") && /[A-Z]/.test(key));
}
