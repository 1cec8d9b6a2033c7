/** 0 to 255: an entry of the terminal's palette; from 2^24: red, green and blue, a byte each. */
export type Color = number;

const TRUE_COLOR = 0x1000000;

/** A colour by its parts, 0 to 255 each. */
export function rgbColor(red: number, green: number, blue: number): Color {
  return TRUE_COLOR | (red << 16) | (green << 8) | blue;
}

/** How a cell looks. */
export interface Style {
  /** null: the terminal's own. */
  readonly foreground: Color | null;
  readonly background: Color | null;
  readonly bold: boolean;
  readonly dim: boolean;
  readonly underline: boolean;
  readonly reverse: boolean;
}

export const PLAIN_STYLE: Style = {
  foreground: null,
  background: null,
  bold: false,
  dim: false,
  underline: false,
  reverse: false,
};

/** The shortest "select graphic rendition" (ECMA-48 8.3.117) that turns one style into another; "" for the same. */
export function graphicRendition(from: Style, to: Style): string {
  const afresh = codesBetween(PLAIN_STYLE, to);
  const change = sequence(codesBetween(from, to));
  if (change === "") return "";
  const anew = sequence(afresh.length === 0 ? [""] : ["0", ...afresh]);
  return change.length <= anew.length ? change : anew;
}

function sequence(codes: readonly string[]): string {
  return codes.length === 0 ? "" : `\x1b[${codes.join(";")}m`;
}

function codesBetween(from: Style, to: Style): readonly string[] {
  const codes: string[] = [];
  // One code ends both bold and dim.
  const endsWeight = (from.bold && !to.bold) || (from.dim && !to.dim);
  if (endsWeight) codes.push("22");
  if (to.bold && (endsWeight || !from.bold)) codes.push("1");
  if (to.dim && (endsWeight || !from.dim)) codes.push("2");
  if (from.underline !== to.underline) codes.push(to.underline ? "4" : "24");
  if (from.reverse !== to.reverse) codes.push(to.reverse ? "7" : "27");
  if (from.foreground !== to.foreground) codes.push(colorCode(to.foreground, 30));
  if (from.background !== to.background) codes.push(colorCode(to.background, 40));
  return codes;
}

/** `base` is 30 for the foreground, 40 for the background. */
function colorCode(color: Color | null, base: number): string {
  if (color === null) return String(base + 9);
  if (color >= TRUE_COLOR) {
    return `${base + 8};2;${(color >>> 16) & 0xff};${(color >>> 8) & 0xff};${color & 0xff}`;
  }
  if (color < 8) return String(base + color);
  // The bright eight, as aixterm has them and every terminal with 16 colours.
  return color < 16 ? String(base + 52 + color) : `${base + 8};5;${color}`;
}
