import type { Color, Style } from "../screen/style.js";
import { rgbColor } from "../screen/style.js";
import type { Background } from "./background.js";
import type { ColorDepth } from "./environment.js";

/** One colour for each kind of terminal. */
export interface Tone {
  /** 0xrrggbb, by background. */
  readonly dark: number;
  readonly light: number;
  /** Of the terminal's own 16, by background: the bright ones are hard to read on a light one. null: none will do. */
  readonly dark16: Color | null;
  readonly light16: Color | null;
}

/** What a meaning looks like. */
export interface Appearance {
  readonly text?: Tone;
  readonly behind?: Tone;
  /** With colours and without. */
  readonly always?: Partial<Style>;
  /** Where the terminal has no colour for it. */
  readonly instead?: Partial<Style>;
}

const CUBE_STEPS = [0, 95, 135, 175, 215, 255];
const FIRST_OF_CUBE = 16;
const FIRST_GRAY = 232;
const GRAYS = 24;

/** A tone as a terminal of that depth shows it; null where it has no colours. */
export function colorOf(tone: Tone, depth: ColorDepth, background: Background): Color | null {
  const rgb = tone[background];
  switch (depth) {
    case "none":
      return null;
    case "16":
      return background === "dark" ? tone.dark16 : tone.light16;
    case "256":
      return nearestPaletteColor(rgb);
    case "true":
      return rgbColor(...partsOf(rgb));
  }
}

/** Red, green and blue of 0xrrggbb. */
export function partsOf(rgb: number): [number, number, number] {
  return [(rgb >>> 16) & 0xff, (rgb >>> 8) & 0xff, rgb & 0xff];
}

/** What an entry of xterm's palette from 16 on looks like: the cube of 6 x 6 x 6, and the grays. */
export function paletteRgb(color: Color): [number, number, number] {
  if (color >= FIRST_GRAY) {
    const gray = 8 + 10 * (color - FIRST_GRAY);
    return [gray, gray, gray];
  }
  const index = color - FIRST_OF_CUBE;
  const step = (weight: number): number => CUBE_STEPS[Math.floor(index / weight) % 6] ?? 0;
  return [step(36), step(6), step(1)];
}

/** The entry from 16 on that looks most like it: the 16 before are the user's. */
export function nearestPaletteColor(rgb: number): Color {
  const wanted = partsOf(rgb);
  let nearest = FIRST_OF_CUBE;
  let least = Number.POSITIVE_INFINITY;
  for (let color = FIRST_OF_CUBE; color < FIRST_GRAY + GRAYS; color++) {
    const distance = paletteRgb(color).reduce(
      (sum, part, index) => sum + (part - (wanted[index] ?? 0)) ** 2,
      0,
    );
    if (distance >= least) continue;
    least = distance;
    nearest = color;
  }
  return nearest;
}
