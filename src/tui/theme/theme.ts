import type { Overlay, StyleName } from "../draw/line.js";
import type { Look } from "../draw/paint.js";
import type { Style } from "../screen/style.js";
import type { StyleId, StyleTable } from "../screen/style-table.js";
import { APPEARANCES } from "./appearances.js";
import type { Background } from "./background.js";
import type { ColorDepth } from "./environment.js";
import { type Appearance, colorOf, type Tone } from "./palette.js";

/** The styles of all meanings, on a terminal with so many colours and such a background. */
export function themeOf(styles: StyleTable, depth: ColorDepth, background: Background): Look {
  const known = new Map<string, StyleId>();
  return (name, over) => {
    const key = over === null ? name : `${over} ${name}`;
    const old = known.get(key);
    if (old !== undefined) return old;
    const id = styles.id(lookOf(name, over, depth, background));
    known.set(key, id);
    return id;
  };
}

/** What lies over a line is behind its texts; where the terminal has no colour for that, it takes theirs. */
function lookOf(
  name: StyleName,
  over: Overlay | null,
  depth: ColorDepth,
  background: Background,
): Partial<Style> {
  const below = styleOf(APPEARANCES[name], depth, background);
  if (over === null) return below;
  const above = styleOf(APPEARANCES[over], depth, background);
  const hasColor = above.background !== null && above.background !== undefined;
  return hasColor ? { ...below, ...above, foreground: below.foreground ?? null } : above;
}

function styleOf(
  { text, behind, always, instead }: Appearance,
  depth: ColorDepth,
  on: Background,
): Partial<Style> {
  const colorFor = (tone: Tone | undefined) => (tone === undefined ? null : colorOf(tone, depth, on));
  const [foreground, background] = [colorFor(text), colorFor(behind)];
  const lacksColor =
    (text !== undefined && foreground === null) || (behind !== undefined && background === null);
  return { foreground, background, ...always, ...(lacksColor ? instead : {}) };
}
