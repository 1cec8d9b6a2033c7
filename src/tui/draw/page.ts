import { headerLines, type LiveState, type Overlay } from "../live/state.js";
import { detailLines } from "./detail.js";
import { helpLines } from "./help.js";
import type { Line } from "./line.js";

/** What lies over the table as a page that scrolls. */
export type Page = Extract<Overlay, { readonly kind: "help" | "detail" }>;

/** What of a page is on the screen: its end is never above the last line. */
export function shownPage(state: LiveState, page: Page): readonly Line[] {
  const lines = pageLines(state, page);
  return lines.slice(Math.min(page.top, lastTopOf(lines, state)));
}

/** From where on the last lines of a page are shown. */
export function lastTop(state: LiveState, page: Page): number {
  return lastTopOf(pageLines(state, page), state);
}

function pageLines(state: LiveState, page: Page): readonly Line[] {
  return page.kind === "help" ? helpLines(state.keys.table, state.size.columns) : detailLines(state, page);
}

function lastTopOf(lines: readonly Line[], { size }: LiveState): number {
  // Above it is the header, below it the keys.
  return Math.max(0, lines.length - (size.rows - headerLines(size) - 1));
}
