import type { StyleName } from "../draw/line.js";
import type { Color } from "../screen/style.js";
import type { Appearance, Tone } from "./palette.js";

function tone(dark: number, light: number, dark16: Color | null, light16: Color | null): Tone {
  return { dark, light, dark16, light16 };
}

/** Of what is as it should be: nearly every row says so. Of 16 colours the green is louder than what is not. */
const GREEN = tone(0x8aa58a, 0x4a6350, null, null);
const CYAN = tone(0x6cc5d6, 0x00626f, 6, 6);
const BLUE = tone(0x7fb2ff, 0x1a4fb4, 12, 4);
const YELLOW = tone(0xe3c15a, 0x5f5000, 3, 3);
const RED = tone(0xff7b72, 0xb3141e, 9, 1);
const MAGENTA = tone(0xcf9bff, 0x7a2bb5, 13, 5);
/** Not the bright black of 16 colours: Solarized has it the same as its background. */
const GRAY = tone(0xb0b0b0, 0x585858, null, null);
/** Behind the titles of columns; else they are underlined. */
const TITLE = tone(0x303640, 0xdfe3e8, null, null);
/** Behind text. Of 16 colours none has all the others readable on it: there, and without colours, it is reversed. */
const SELECTED = tone(0x22304a, 0xdbe7fb, null, null);
const FOUND = tone(0x3a2f00, 0xffe59a, null, null);

export const APPEARANCES: Readonly<Record<StyleName, Appearance>> = {
  plain: {},
  dim: { text: GRAY, instead: { dim: true } },
  strong: { always: { bold: true } },
  label: { text: CYAN },
  title: { behind: TITLE, instead: { underline: true } },
  "title-sorted": { behind: TITLE, always: { bold: true, underline: true } },
  selected: { behind: SELECTED, instead: { bold: true, reverse: true } },
  match: { behind: FOUND, always: { underline: true }, instead: { reverse: true } },
  closed: { text: GRAY, instead: { dim: true } },
  group: { always: { bold: true } },
  "state-open": { text: GREEN, instead: { dim: true } },
  "state-waiting": { text: YELLOW },
  "state-bad": { text: RED, instead: { underline: true } },
  "rate-low": {},
  "rate-middle": { text: YELLOW },
  "rate-high": { text: RED, always: { bold: true } },
  tx: { text: MAGENTA, always: { bold: true } },
  rx: { text: BLUE, always: { bold: true } },
  warning: { text: YELLOW, always: { bold: true } },
  error: { text: RED, always: { bold: true }, instead: { reverse: true } },
  key: { always: { bold: true } },
  prompt: { always: { bold: true } },
  cursor: { always: { reverse: true } },
};
