import { characterWidth } from "../../model/character-width.js";

/** Which characters a terminal can show. */
export type Charset = "utf-8" | "ascii";

/** What stands for a character where there is only ASCII. */
const STAND_INS: ReadonlyMap<string, string> = new Map([
  ["…", "~"],
  ["·", "."],
  ["→", ">"],
  ["←", "<"],
  ["↑", "^"],
  ["↓", "v"],
  ["▲", "^"],
  ["▼", "v"],
  ["▶", ">"],
  ["▸", "+"],
  ["▾", "-"],
  ["─", "-"],
  ["│", "|"],
  ["├", "|"],
  ["└", "`"],
  ["×", "x"],
  ["µ", "u"],
]);

const NOT_ASCII = /[^\x20-\x7e]/gu;

/** The text in ASCII, as many columns wide; "?" for each column of what has no better likeness. */
export function asciiLikeness(text: string): string {
  return text.replace(NOT_ASCII, (character) => STAND_INS.get(character) ?? unlike(character));
}

function unlike(character: string): string {
  return "?".repeat(characterWidth(character.codePointAt(0) ?? 0) === 2 ? 2 : 1);
}

/** By the locale, as programs find it: of LC_ALL, LC_CTYPE and LANG the first that is set. */
export function charsetOf(environment: Readonly<Record<string, string | undefined>>): Charset {
  const { LC_ALL, LC_CTYPE, LANG } = environment;
  const locale = [LC_ALL, LC_CTYPE, LANG].find((value) => value !== undefined && value !== "") ?? "";
  return /utf-?8/i.test(locale) ? "utf-8" : "ascii";
}
