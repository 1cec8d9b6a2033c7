import type { Screen } from "../screen/screen.js";
import type { StyleId } from "../screen/style-table.js";
import type { Line, Overlay, StyleName } from "./line.js";

/** The look of each style, also below what lies over its line. */
export type Look = (style: StyleName, over: Overlay | null) => StyleId;

/** Puts lines on a blank screen, from the top. */
export function paint(screen: Screen, lines: readonly Line[], look: Look): void {
  for (const [y, { spans, fill, over }] of lines.entries()) {
    let x = 0;
    for (const { text, style } of spans) x = screen.put(x, y, text, look(style, over));
    if (fill !== "plain" || over !== null) screen.fill(x, y, screen.columns - x, look(fill, over));
  }
}
