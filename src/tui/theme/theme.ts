import type { StyleName } from "../draw/line.js";
import type { Look } from "../draw/paint.js";
import type { StyleId, StyleTable } from "../screen/style-table.js";
import { APPEARANCES } from "./appearances.js";
import type { Background } from "./background.js";
import type { ColorDepth } from "./environment.js";
import { type Appearance, colorOf, type Tone } from "./palette.js";

/** The styles of all meanings, on a terminal with so many colours and such a background. */
export function themeOf(styles: StyleTable, depth: ColorDepth, background: Background): Look {
  const known = new Map<StyleName, StyleId>();
  return (name) => {
    const id = known.get(name) ?? styleOf(APPEARANCES[name], styles, depth, background);
    known.set(name, id);
    return id;
  };
}

function styleOf(
  { text, behind, always, instead }: Appearance,
  styles: StyleTable,
  depth: ColorDepth,
  on: Background,
): StyleId {
  const colorFor = (tone: Tone | undefined) => (tone === undefined ? null : colorOf(tone, depth, on));
  const [foreground, background] = [colorFor(text), colorFor(behind)];
  const lacksColor =
    (text !== undefined && foreground === null) || (behind !== undefined && background === null);
  return styles.id({ foreground, background, ...always, ...(lacksColor ? instead : {}) });
}
