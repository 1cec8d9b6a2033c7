import type { Color } from "../screen/style.js";
import type { Look, Tone } from "./palette.js";

function tone(dark: number, light: number, dark16: Color | null, light16: Color | null): Tone {
  return { dark, light, dark16, light16 };
}

const GREEN = tone(0x7ec77e, 0x1a6b2a, 2, 2);
const CYAN = tone(0x6cc5d6, 0x00626f, 6, 6);
const BLUE = tone(0x7fb2ff, 0x1a4fb4, 12, 4);
const YELLOW = tone(0xe3c15a, 0x5f5000, 3, 3);
const ORANGE = tone(0xf0a060, 0x8a2f00, 11, 1);
const RED = tone(0xff7b72, 0xb3141e, 9, 1);
const MAGENTA = tone(0xcf9bff, 0x7a2bb5, 13, 5);
/** Not the bright black of 16 colours: Solarized has it the same as its background. */
const GRAY = tone(0xb0b0b0, 0x585858, null, null);

/** What can have a look of its own; named by what it means, not by what it looks like. */
export const LOOKS = {
  plain: { tone: null },
  /** Labels, units, dashes for what is not known: to be passed over. */
  faint: { tone: GRAY, mark: { dim: true } },
  strong: { tone: null, weight: { bold: true } },
  columnTitle: { tone: GRAY, weight: { bold: true } },
  sortedTitle: { tone: CYAN, weight: { bold: true }, mark: { underline: true } },
  owner: { tone: CYAN, weight: { bold: true } },
  remote: { tone: null },
  incoming: { tone: GREEN },
  outgoing: { tone: BLUE },
  /** States. */
  established: { tone: GREEN },
  opening: { tone: YELLOW },
  closing: { tone: ORANGE },
  listening: { tone: BLUE },
  closed: { tone: GRAY, mark: { dim: true } },
  good: { tone: GREEN },
  warning: { tone: YELLOW, mark: { underline: true } },
  alarm: { tone: RED, weight: { bold: true } },
  key: { tone: CYAN, weight: { bold: true } },
  prompt: { tone: MAGENTA, weight: { bold: true } },
  /** What was searched for. */
  match: { tone: MAGENTA, weight: { underline: true, bold: true } },
  tree: { tone: GRAY, mark: { dim: true } },
} as const satisfies Readonly<Record<string, Look>>;

export type LookName = keyof typeof LOOKS;

/** By rate: nothing, up to 10 kB/s, 100 kB/s, 1 MB/s, 10 MB/s, and more. */
export const HEAT_LOOKS: readonly Look[] = [
  { tone: GRAY, mark: { dim: true } },
  { tone: null },
  { tone: GREEN },
  { tone: YELLOW },
  { tone: ORANGE, mark: { bold: true } },
  { tone: RED, weight: { bold: true } },
];

/** Behind the selected row. */
export const SELECTION: Pick<Tone, "dark" | "light"> = { dark: 0x22304a, light: 0xdbe7fb };
