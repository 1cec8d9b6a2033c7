import { wrapText } from "../../model/text-width.js";
import {
  clipSpans,
  type Line,
  line,
  outsideSpan,
  type Span,
  type StyleName,
  span,
  spansWidth,
} from "./line.js";

const LABEL_WIDTH = 12;
const INDENT = LABEL_WIDTH + 1;
/** Between two things that are said of one. */
const COMMA = ", ";

/** `label  text`. */
export function labelled(label: string, spans: readonly Span[]): Line {
  return line([span(` ${label.padEnd(LABEL_WIDTH)}`, "label"), ...spans]);
}

/** Text from outside, or that there is none. */
export function known(label: string, text: string | null): Line {
  return labelled(label, [text === null ? span("not known", "dim") : outsideSpan(text)]);
}

/** Things said of one, with commas between them, on as many lines as they take. */
export function listed(label: string, parts: readonly Span[], width: number): readonly Line[] {
  const room = Math.max(1, width - INDENT);
  const lines: Span[][] = [[]];
  for (const [index, part] of parts.entries()) {
    const shown = index === parts.length - 1 ? part : span(part.text + COMMA.trimEnd(), part.style);
    const current = lines.at(-1) ?? [];
    const used = spansWidth(current);
    if (used > 0 && used + 1 + spansWidth([shown]) > room) lines.push([shown]);
    else current.push(...(used > 0 ? [span(" ", part.style), shown] : [shown]));
  }
  return lines.map((spans, index) => labelled(index === 0 ? label : "", clipSpans(spans, room)));
}

/** A text of many words, on as many lines as it takes, or on the first of them. */
export function told(
  label: string,
  text: string,
  style: StyleName,
  width: number,
  most = Number.POSITIVE_INFINITY,
): readonly Line[] {
  const whole = wrapText(text, Math.max(1, width - INDENT));
  const lines = whole.length <= most ? whole : [...whole.slice(0, most - 1), `${whole[most - 1]} …`];
  return lines.map((one, index) => labelled(index === 0 ? label : "", [span(one, style)]));
}
