import { graphicRendition, PLAIN_STYLE, type Style } from "./style.js";

/** A style of a StyleTable, as cells hold it. */
export type StyleId = number;

/** The style that a terminal has without being told. */
export const PLAIN: StyleId = 0;

/** As many as a cell has room for. A theme has a few dozen. */
const MAX_STYLES = 0x10000;

/** Styles by number. All screens of one terminal share a table. */
export class StyleTable {
  readonly #styles: Style[] = [PLAIN_STYLE];
  readonly #ids = new Map<string, StyleId>([[keyOf(PLAIN_STYLE), PLAIN]]);
  readonly #renditions = new Map<number, string>();

  /** The number of a style; what is left out is plain. Throws RangeError beyond 65,536 styles. */
  id(look: Partial<Style>): StyleId {
    const style: Style = { ...PLAIN_STYLE, ...look };
    const key = keyOf(style);
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    const id = this.#styles.length;
    if (id >= MAX_STYLES) throw new RangeError("too many styles");
    this.#styles.push(style);
    this.#ids.set(key, id);
    return id;
  }

  /** The number of a style that looks like another but for what is given: a selected row's cell. */
  over(id: StyleId, look: Partial<Style>): StyleId {
    return this.id({ ...this.style(id), ...look });
  }

  style(id: StyleId): Style {
    return this.#styles[id] ?? PLAIN_STYLE;
  }

  /** The escape sequence that turns one style into another. */
  rendition(from: StyleId, to: StyleId): string {
    const key = from * MAX_STYLES + to;
    const known = this.#renditions.get(key);
    if (known !== undefined) return known;
    const made = graphicRendition(this.style(from), this.style(to));
    this.#renditions.set(key, made);
    return made;
  }
}

function keyOf({ foreground, background, bold, dim, underline, reverse }: Style): string {
  return `${foreground}/${background}/${bold}/${dim}/${underline}/${reverse}`;
}
