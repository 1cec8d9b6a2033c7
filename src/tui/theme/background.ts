import type { Environment } from "./environment.js";

export type Background = "dark" | "light";

/** Of 16 colours those that are light: white, and the bright ones but black. */
const LIGHT_COLORS = [7, 9, 10, 11, 12, 13, 14, 15];
const MIDDLE = 0.5;
const ANSWER = /^\]11;rgba?:([0-9a-f]{1,4})\/([0-9a-f]{1,4})\/([0-9a-f]{1,4})(?:\/[0-9a-f]{1,4})?$/i;

/** What rxvt, Konsole and others put into COLORFGBG: "foreground;background"; null where it says nothing. */
export function backgroundFrom(environment: Environment): Background | null {
  const last = (environment["COLORFGBG"] ?? "").split(";").at(-1) ?? "";
  if (!/^\d{1,2}$/.test(last) || Number(last) > 15) return null;
  return LIGHT_COLORS.includes(Number(last)) ? "light" : "dark";
}

/** What a terminal's answer to the question for its background says ("]11;rgb:ffff/ffff/ffff"); null for anything else. */
export function backgroundOf(reply: string | null): Background | null {
  const parts = ANSWER.exec(reply ?? "");
  if (parts === null) return null;
  const [red = 0, green = 0, blue = 0] = parts.slice(1).map(fraction);
  // Luma as in ITU-R BT.709: how light a colour looks.
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > MIDDLE ? "light" : "dark";
}

/** One to four hexadecimal digits, of which the largest number is 1. */
function fraction(digits: string): number {
  return Number.parseInt(digits, 16) / (16 ** digits.length - 1);
}
