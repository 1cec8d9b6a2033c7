import type { Screen } from "../screen/screen.js";
import type { StyleId } from "../screen/style-table.js";
import type { Line, StyleName } from "./line.js";

/** The look of each style. */
export type Look = (style: StyleName) => StyleId;

/** Puts lines on a blank screen, from the top. */
export function paint(screen: Screen, lines: readonly Line[], look: Look): void {
  for (const [y, { spans, fill }] of lines.entries()) {
    let x = 0;
    for (const { text, style } of spans) x = screen.put(x, y, text, look(style));
    if (fill !== "plain") screen.fill(x, y, screen.columns - x, look(fill));
  }
}
