import { textWidth } from "../../model/text-width.js";
import type { Span } from "./filter-error.js";

const ELLIPSIS = "...";
/** What stands before the place, at most, where not all of the text fits. */
const LEAD = 20;

/**
 * The text, or the part of it around the place, and a line that points at the place: both at most `width` terminal columns
 * wide, and free of control characters.
 */
export function caretLines(text: string, { start, end }: Span, width: number): readonly [string, string] {
  const shown = [...text.slice(0, start)].map(visible);
  const isCut = textWidth([...text].map(visible).join("")) >= width && shown.length > LEAD;
  const before = isCut ? ELLIPSIS + shown.slice(-LEAD).join("") : shown.join("");
  const place = withinWidth([...text.slice(start, end)].map(visible), width - textWidth(before) - 1);
  const after = withinWidth([...text.slice(end)].map(visible), width - textWidth(before + place));
  const marks = `^${"~".repeat(Math.max(0, textWidth(place) - 1))}`;
  return [(before + place + after).trimEnd(), " ".repeat(textWidth(before)) + marks];
}

/** A character as it can be shown in a line: what a terminal would obey, and breaks of lines, as a space. */
function visible(character: string): string {
  return /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Cs}]/u.test(character) ? " " : character;
}

/** As many of the characters as have room. */
function withinWidth(characters: readonly string[], width: number): string {
  let text = "";
  let used = 0;
  for (const character of characters) {
    used += textWidth(character);
    if (used > width) break;
    text += character;
  }
  return text;
}
