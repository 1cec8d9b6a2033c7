import { characterWidth } from "./character-width.js";

/** Printable ASCII and braille, of which charts are made: a column for each character. */
const NARROW = /^[\x20-\x7e\u2800-\u28ff]*$/;
const ELLIPSIS = "…";

export type Alignment = "left" | "right";

/** Columns of a terminal that a text takes, character by character, as `shownText` has it. */
export function textWidth(text: string): number {
  // Nearly every cell is plain, and measuring characters costs a hundred times as much.
  if (NARROW.test(text)) return text.length;
  let columns = 0;
  for (const character of text.normalize("NFC")) columns += columnsOf(character);
  return columns;
}

/** The text in composed characters (NFC) without those that are not to be seen: what all terminals measure alike. */
export function shownText(text: string): string {
  if (NARROW.test(text)) return text;
  let shown = "";
  for (const character of text.normalize("NFC")) {
    if (characterWidth(character.codePointAt(0) ?? 0) !== null) shown += character;
  }
  return shown;
}

/** The text cut to `width` terminal columns, ending in "…" when something is gone. Never wider, may be narrower. */
export function truncateText(text: string, width: number): string {
  if (NARROW.test(text)) return text.length <= width ? text : truncateNarrow(text, width);
  const shown = shownText(text);
  if (textWidth(shown) <= width) return shown;
  return width < 1 ? "" : longestPrefix(shown, width - 1) + ELLIPSIS;
}

/** The text truncated and padded with spaces to exactly `width` terminal columns. */
export function fitText(text: string, width: number, alignment: Alignment): string {
  const shown = truncateText(text, width);
  const padding = " ".repeat(width - textWidth(shown));
  return alignment === "left" ? shown + padding : padding + shown;
}

/** Of an IPv6 address cut to less than this, the end says nothing any more. */
const LEAST_ADDRESS = 6;

/**
 * As `fitText`; of a text that is too wide, what follows the last colon stays: `www.example.c…:443`. Of an IPv6 address, the end
 * does, too: the hosts of a network differ in that, `[2001…77::1]:443`.
 */
export function fitEndpoint(text: string, width: number): string {
  if (textWidth(text) <= width) return fitText(text, width, "left");
  const colon = Math.max(0, text.lastIndexOf(":"));
  const room = width - textWidth(text.slice(colon));
  if (room < 2) return fitText(text, width, "left");
  const host = text.slice(0, colon);
  const isAddress = host.startsWith("[") && room >= LEAST_ADDRESS;
  const shown = isAddress ? withoutMiddle(host, room) : truncateText(host, room);
  return fitText(shown + text.slice(colon), width, "left");
}

/** The first group of an address, and as much of its end as there is room for. */
function withoutMiddle(address: string, width: number): string {
  const start = Math.min(5, width >> 1);
  return address.slice(0, start) + ELLIPSIS + address.slice(start + 1 - width);
}

function truncateNarrow(text: string, width: number): string {
  return width < 1 ? "" : text.slice(0, width - 1) + ELLIPSIS;
}

/** With the marks of its last character. */
function longestPrefix(text: string, width: number): string {
  let [prefix, used] = ["", 0];
  for (const character of text) {
    used += columnsOf(character);
    if (used > width) break;
    prefix += character;
  }
  return prefix;
}

function columnsOf(character: string): number {
  return characterWidth(character.codePointAt(0) ?? 0) ?? 0;
}

/** The text in lines of that width at most, broken at blanks; what is longer than a line, anywhere. */
export function wrapText(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let last = "";
  for (const word of text.split(" ").flatMap((one) => brokenWord(one, width))) {
    const longer = last === "" ? word : `${last} ${word}`;
    if (last !== "" && textWidth(longer) > width) lines.push(last);
    last = last !== "" && textWidth(longer) > width ? word : longer;
  }
  return [...lines, last];
}

function brokenWord(word: string, width: number): readonly string[] {
  if (textWidth(word) <= width) return [word];
  const parts: string[] = [""];
  for (const character of word) {
    const longer = (parts.at(-1) ?? "") + character;
    if (textWidth(longer) > width && longer !== character) parts.push(character);
    else parts[parts.length - 1] = longer;
  }
  return parts;
}
