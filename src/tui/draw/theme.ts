import type { Style } from "../screen/style.js";
import type { StyleTable } from "../screen/style-table.js";
import type { StyleName } from "./line.js";
import type { Look } from "./paint.js";

/** The eight colours that every terminal has, in its own shades. */
const [BLACK, RED, GREEN, YELLOW, BLUE, MAGENTA, CYAN] = [0, 1, 2, 3, 4, 5, 6];
const GREY = 8;

const COLOURED: Readonly<Record<StyleName, Partial<Style>>> = {
  plain: {},
  dim: { foreground: GREY },
  strong: { bold: true },
  label: { foreground: CYAN },
  title: { reverse: true },
  "title-sorted": { reverse: true, bold: true, underline: true },
  selected: { foreground: BLACK, background: CYAN },
  match: { foreground: BLACK, background: YELLOW },
  closed: { foreground: GREY },
  group: { bold: true },
  "state-open": { foreground: GREEN },
  "state-waiting": { foreground: YELLOW },
  "state-bad": { foreground: RED },
  "rate-low": {},
  "rate-middle": { foreground: YELLOW },
  "rate-high": { foreground: RED, bold: true },
  tx: { foreground: MAGENTA, bold: true },
  rx: { foreground: BLUE, bold: true },
  warning: { foreground: YELLOW, bold: true },
  error: { foreground: RED, bold: true },
  key: { bold: true },
  prompt: { bold: true },
  cursor: { reverse: true },
};

export function themeOf(styles: StyleTable, _background: string | null): Look {
  return (name) => styles.id(COLOURED[name]);
}
