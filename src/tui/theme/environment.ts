import { canDraw } from "../../model/terminal-type.js";
import type { ChartSymbols } from "../chart/chart-symbols.js";
import { charsetOf } from "../screen/charset.js";

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** How many colours a terminal has; its 16 are its user's choice, the others are the same everywhere. */
export type ColorDepth = "none" | "16" | "256" | "true";

/** Terminals with 24 bits that say so by their name, not in COLORTERM, which ssh and sudo do not pass on. */
const TRUE_COLOR_TERMS = /^(?:xterm-(?:kitty|ghostty)|alacritty|foot|wezterm|contour)|-(?:direct|truecolor)/;
const PALETTE_TERMS = /-256color/;
/** DEC's terminals before the VT525, and those that say that they have none. */
const COLORLESS_TERMS = /^(?:vt[1-4]\d\d|ansi-m)|-(?:m|mono)$/;
const CONSOLE_TERMS = /^(?:linux|cons\d|wsvt|vt[1-4]\d\d)/;

/** `wantsColor` is false with --no-color. NO_COLOR counts when it is not empty (no-color.org). */
export function colorDepth(environment: Environment, wantsColor: boolean): ColorDepth {
  const noColor = environment["NO_COLOR"] ?? "";
  if (!wantsColor || noColor !== "" || !canDraw(environment["TERM"])) return "none";
  const colorTerm = environment["COLORTERM"] ?? "";
  if (/^(?:truecolor|24bit)$/i.test(colorTerm)) return "true";
  const term = environment["TERM"] ?? "";
  if (TRUE_COLOR_TERMS.test(term)) return "true";
  if (PALETTE_TERMS.test(term)) return "256";
  return COLORLESS_TERMS.test(term) ? "none" : "16";
}

/** Consoles in text mode have no braille in their fonts. */
export function chartSymbolsOf(environment: Environment): ChartSymbols {
  const isConsole = CONSOLE_TERMS.test(environment["TERM"] ?? "");
  return charsetOf(environment) === "utf-8" && !isConsole ? "braille" : "ascii";
}

/** Whether to ask for the background: consoles print what they do not understand of the question. */
export function canAskBackground(environment: Environment): boolean {
  return canDraw(environment["TERM"]) && !CONSOLE_TERMS.test(environment["TERM"] ?? "");
}
