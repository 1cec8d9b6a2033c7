import stringWidth from "string-width";

/** Printable ASCII and braille, of which charts are made: a column for each character. */
const NARROW = /^[\x20-\x7e\u2800-\u28ff]*$/;
const ELLIPSIS = "…";
const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

export type Alignment = "left" | "right";

/** Columns of a terminal that a text takes; the text has passed `harmless`. */
export function textWidth(text: string): number {
  // Nearly every cell is plain, and string-width costs a hundred times as much.
  return NARROW.test(text) ? text.length : stringWidth(text);
}

/** The text cut to `width` terminal columns, ending in "…" when something is gone. Never wider, may be narrower. */
export function truncateText(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  if (width < 1) return "";
  if (NARROW.test(text)) return text.slice(0, width - 1) + ELLIPSIS;
  return longestPrefix(text, width - 1) + ELLIPSIS;
}

/** The text truncated and padded with spaces to exactly `width` terminal columns. */
export function fitText(text: string, width: number, alignment: Alignment): string {
  const textColumns = textWidth(text);
  const fits = textColumns <= width;
  const shown = fits ? text : truncateText(text, width);
  const padding = " ".repeat(width - (fits ? textColumns : textWidth(shown)));
  return alignment === "left" ? shown + padding : padding + shown;
}

/** As `fitText`; of a text that is too wide, what follows the last colon stays: `2001:db8::…:443`. */
export function fitEndpoint(text: string, width: number): string {
  const port = text.slice(Math.max(0, text.lastIndexOf(":")));
  const isTooWide = textWidth(text) > width && textWidth(port) + 1 < width;
  const shown = isTooWide ? truncateText(text, width - textWidth(port)) + port : text;
  return fitText(shown, width, "left");
}

function longestPrefix(text: string, width: number): string {
  let prefix = "";
  for (const { segment } of graphemes.segment(text)) {
    const longer = prefix + segment;
    if (stringWidth(longer) > width) break;
    prefix = longer;
  }
  return prefix;
}
