import { harmless } from "../../model/text.js";
import { textWidth, truncateText } from "../../model/text-width.js";

/** What a text is, from which the theme makes its colours. */
export type StyleName =
  | "plain"
  | "dim"
  | "strong"
  | "label"
  | "title"
  | "title-sorted"
  | "selected"
  | "match"
  | "closed"
  | "group"
  | "state-open"
  | "state-waiting"
  | "state-bad"
  | "rate-low"
  | "rate-middle"
  | "rate-high"
  | "tx"
  | "rx"
  | "warning"
  | "error"
  | "key"
  | "prompt"
  | "cursor";

export interface Span {
  readonly text: string;
  readonly style: StyleName;
}

/** What lies over a whole line, whatever its texts are. */
export type Overlay = "selected" | "match";

/** One line of the screen, from the left; `fill` is the style of what is right of it. */
export interface Line {
  readonly spans: readonly Span[];
  readonly fill: StyleName;
  readonly over: Overlay | null;
}

export const EMPTY_LINE: Line = { spans: [], fill: "plain", over: null };

export function span(text: string, style: StyleName = "plain"): Span {
  return { text, style };
}

export function line(spans: readonly Span[], fill: StyleName = "plain", over: Overlay | null = null): Line {
  return { spans, fill, over };
}

/** Text from outside, without what a terminal would obey. */
export function outsideSpan(text: string, style: StyleName = "plain"): Span {
  return { text: harmless(text), style };
}

export function spansWidth(spans: readonly Span[]): number {
  return spans.reduce((width, { text }) => width + textWidth(text), 0);
}

/** The parts that fit, the most important first, in the order of the screen and two blanks apart. */
export function fittingParts(parts: readonly HeaderPart[], width: number): readonly Span[] {
  const shown = [...shownParts(parts, width).values()];
  return shown.flatMap((spans, index) => (index === 0 ? spans : [span(GAP), ...spans]));
}

/** As `fittingParts`: each part that fits, with what of it does; they stand PART_GAP apart. */
export function shownParts<Part extends HeaderPart>(
  parts: readonly Part[],
  width: number,
): ReadonlyMap<Part, readonly Span[]> {
  const chosen = new Map<Part, readonly Span[]>();
  let used = 0;
  for (const part of parts.toSorted((a, b) => a.priority - b.priority)) {
    const gap = chosen.size === 0 ? 0 : GAP.length;
    const whole = spansWidth(part.spans);
    const most = width - used - gap;
    // Nothing of less importance is shown in its place.
    if (chosen.size > 0 && Math.min(whole, part.leastWidth ?? whole) > most) break;
    chosen.set(part, part.leastWidth === undefined ? part.spans : clipSpans(part.spans, most));
    used += gap + Math.min(whole, most);
  }
  return new Map(
    parts.flatMap((part) => {
      const spans = chosen.get(part);
      return spans === undefined ? [] : [[part, spans] as const];
    }),
  );
}

/** One thing that a header says. */
export interface HeaderPart {
  /** 1 is the last to go where room is scarce. */
  readonly priority: number;
  readonly spans: readonly Span[];
  /** Rather than left out it is cut, down to this; what has none is shown whole, or not at all. */
  readonly leastWidth?: number;
}

export const PART_GAP = 2;
const GAP = " ".repeat(PART_GAP);

/** The spans cut to a width, the last of them ending in an ellipsis. */
export function clipSpans(spans: readonly Span[], width: number): readonly Span[] {
  const clipped: Span[] = [];
  let left = width;
  for (const { text, style } of spans) {
    if (left <= 0) break;
    const shown = truncateText(text, left);
    clipped.push({ text: shown, style });
    left -= textWidth(text);
  }
  return clipped;
}
