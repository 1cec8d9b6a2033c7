import type xterm from "@xterm/headless";

/** One look of characters, as CSS has it. */
interface Look {
  readonly foreground: string;
  readonly background: string | null;
  readonly bold: boolean;
  readonly underline: boolean;
}

interface Run {
  readonly x: number;
  readonly columns: number;
  readonly text: string;
  readonly look: Look;
}

const CELL = { width: 8.4, height: 17 };
const MARGIN = 12;
const DOT = 2.2;
const BRAILLE_BLANK = 0x2800;
/** Column and row of each dot, by its bit (Unicode, chapter "Braille patterns"). */
const DOTS = [
  [0, 0],
  [0, 1],
  [0, 2],
  [1, 0],
  [1, 1],
  [1, 2],
  [0, 3],
  [1, 3],
] as const;
const FOREGROUND = "#d4d8dd";
const BACKGROUND = "#12161c";
/** Of the 16 colours those that a theme with 24 bits leaves to the terminal: none but these two matter. */
const PALETTE = ["#000000", "#cd3131", "#0dbc79", "#e5e510", "#2472c8", "#bc3fbc", "#11a8cd", "#e5e5e5"];

/** What a terminal shows, as SVG: text that can be searched, in any monospaced font. */
export function screenPicture(terminal: xterm.Terminal): string {
  const width = terminal.cols * CELL.width + 2 * MARGIN;
  const height = terminal.rows * CELL.height + 2 * MARGIN;
  const lines = Array.from({ length: terminal.rows }, (_, y) =>
    runsOf(terminal, y).map((run) => svgOf(run, y)),
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace" font-size="14">`,
    "<title>tcptop on a terminal</title>",
    `<rect width="100%" height="100%" rx="8" fill="${BACKGROUND}"/>`,
    ...lines.flat(2),
    "</svg>",
    "",
  ].join("\n");
}

/** Cells that look alike, side by side. */
function runsOf(terminal: xterm.Terminal, y: number): readonly Run[] {
  const { active } = terminal.buffer;
  const line = active.getLine(active.baseY + y);
  const runs: Run[] = [];
  for (let x = 0; x < terminal.cols; x++) {
    const cell = line?.getCell(x);
    if (cell === undefined || cell.getWidth() === 0) continue;
    const look = lookOf(cell);
    const last = runs.at(-1);
    const [text, columns] = [cell.getChars() || " ", cell.getWidth()];
    const isSame = last !== undefined && JSON.stringify(last.look) === JSON.stringify(look);
    // Braille is drawn dot by dot: fonts have it in other widths, or not at all.
    if (isSame && isBraille(last.text) === isBraille(text))
      runs[runs.length - 1] = { ...last, columns: last.columns + columns, text: last.text + text };
    else runs.push({ x, columns, text, look });
  }
  return runs;
}

/** By the last character. */
function isBraille(text: string): boolean {
  return /[\u2800-\u28ff]$/.test(text);
}

function lookOf(cell: xterm.IBufferCell): Look {
  const foreground = cell.isFgDefault() ? null : colorOf(cell.isFgRGB(), cell.getFgColor());
  const background = cell.isBgDefault() ? null : colorOf(cell.isBgRGB(), cell.getBgColor());
  const isReversed = cell.isInverse() !== 0;
  return {
    foreground: isReversed ? (background ?? BACKGROUND) : (foreground ?? FOREGROUND),
    background: isReversed ? (foreground ?? FOREGROUND) : background,
    bold: cell.isBold() !== 0,
    underline: cell.isUnderline() !== 0,
  };
}

function colorOf(isTrueColor: boolean, value: number): string {
  return isTrueColor ? `#${value.toString(16).padStart(6, "0")}` : (PALETTE[value % 8] ?? FOREGROUND);
}

function svgOf({ x, columns, text, look }: Run, y: number): readonly string[] {
  const left = (MARGIN + x * CELL.width).toFixed(1);
  const top = MARGIN + y * CELL.height;
  const width = (columns * CELL.width).toFixed(1);
  const behind =
    look.background === null
      ? []
      : [`<rect x="${left}" y="${top}" width="${width}" height="${CELL.height}" fill="${look.background}"/>`];
  if (text.trim() === "") return behind;
  if (isBraille(text)) return [...behind, `<path d="${dotsOf(text, x, top)}" fill="${look.foreground}"/>`];
  // Renderers differ in what they make of blanks at the ends of a text.
  const shown = text.trim();
  const indent = text.indexOf(shown);
  const textLeft = (MARGIN + (x + indent) * CELL.width).toFixed(1);
  const textWidth = ((columns - (text.length - shown.length)) * CELL.width).toFixed(1);
  const weight = look.bold ? ' font-weight="bold"' : "";
  const line = look.underline ? ' text-decoration="underline"' : "";
  const place = `x="${textLeft}" y="${top + 13}" textLength="${textWidth}" lengthAdjust="spacingAndGlyphs"`;
  return [
    ...behind,
    `<text ${place} fill="${look.foreground}"${weight}${line} xml:space="preserve">${escaped(shown)}</text>`,
  ];
}

/** The dots of braille, as squares: bits 0 to 2 and 6 are the left ones from the top, 3 to 5 and 7 the right ones. */
function dotsOf(text: string, x: number, top: number): string {
  const squares: string[] = [];
  for (const [index, character] of [...text].entries()) {
    const bits = (character.codePointAt(0) ?? 0) - BRAILLE_BLANK;
    if (bits < 0) continue;
    for (const [dot, [column, row]] of DOTS.entries()) {
      if ((bits & (1 << dot)) === 0) continue;
      const left = MARGIN + (x + index) * CELL.width + CELL.width * (0.25 + 0.5 * column) - DOT / 2;
      const upper = top + CELL.height * (0.125 + 0.25 * row) - DOT / 2;
      squares.push(`M${left.toFixed(1)} ${upper.toFixed(1)}h${DOT}v${DOT}h-${DOT}z`);
    }
  }
  return squares.join("");
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
