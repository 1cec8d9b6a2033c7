/** What charts are made of: braille has two samples and four steps to a cell, ASCII one and three. */
export type ChartSymbols = "braille" | "ascii";

/** From which edge of its rows an area grows. */
export type Growth = "up" | "down";

/** How one kind of symbols shows levels. */
export interface SymbolSet {
  readonly samplesPerCell: number;
  readonly stepsPerCell: number;
  /** The character for the levels of its samples, each from 0 to `stepsPerCell`. */
  readonly symbol: (levels: readonly number[], growth: Growth) => string;
}

const BRAILLE_BLANK = 0x2800;
/** Bits of the dots of one half, by level: from the bottom, and from the top (Unicode, chapter "Braille patterns"). */
const LEFT = { up: [0, 0x40, 0x44, 0x46, 0x47], down: [0, 0x01, 0x03, 0x07, 0x47] } as const;
const RIGHT = { up: [0, 0x80, 0xa0, 0xb0, 0xb8], down: [0, 0x08, 0x18, 0x38, 0xb8] } as const;
const ASCII = { up: [" ", ".", ":", "#"], down: [" ", "'", ":", "#"] } as const;

export const SYMBOL_SETS: Readonly<Record<ChartSymbols, SymbolSet>> = {
  braille: {
    samplesPerCell: 2,
    stepsPerCell: 4,
    symbol: ([left = 0, right = 0], growth) => {
      const dots = (LEFT[growth][left] ?? 0) | (RIGHT[growth][right] ?? 0);
      return dots === 0 ? " " : String.fromCharCode(BRAILLE_BLANK + dots);
    },
  },
  ascii: {
    samplesPerCell: 1,
    stepsPerCell: 3,
    symbol: ([level = 0], growth) => ASCII[growth][level] ?? " ",
  },
};
