import { isWidthAgreed } from "./characters.js";
import { Pen } from "./pen.js";
import { BLANK, RIGHT_HALF, type Screen } from "./screen.js";
import { PLAIN, type StyleTable } from "./style-table.js";

/** Synchronized output (DEC private mode 2026): terminals that know it show the frame at once, others ignore it. */
const BEGIN = "\x1b[?2026h";
const END = "\x1b[?2026l";
const SHOW_CURSOR = "\x1b[?25h";
const HIDE_CURSOR = "\x1b[?25l";
const ERASE_BYTES = 3;
const HIGH_HALF = 16;
const LOW_HALF = 0xffff;

/**
 * What to send to a terminal that shows `previous` so that it shows `next`; "" when nothing has changed. With null, or
 * another size, all of it is drawn. The terminal's style is plain before and after. Both share the styles' table.
 */
export function encodeFrame(previous: Screen | null, next: Screen, styles: StyleTable): string {
  const isComparable = previous !== null && previous.columns === next.columns && previous.rows === next.rows;
  const before = isComparable ? previous : null;
  const pen = new Pen(styles);
  if (before === null) pen.control("\x1b[m");
  for (let y = 0; y < next.rows; y++) drawRow(pen, before, next, y);
  pen.setStyle(PLAIN);
  const cells = pen.sent;
  const cursor = cursorChange(previous, next, styles, cells !== "");
  if (cells === "" && cursor.after === "") return "";
  return BEGIN + cursor.before + cells + cursor.after + END;
}

/** The cursor does not run along with the drawing. */
function cursorChange(
  previous: Screen | null,
  next: Screen,
  styles: StyleTable,
  hasMoved: boolean,
): { readonly before: string; readonly after: string } {
  const was = previous?.cursor ?? null;
  const is = next.cursor;
  if (was === null && is === null) return { before: "", after: "" };
  if (is === null) return { before: "", after: HIDE_CURSOR };
  if (!hasMoved && was !== null && was.x === is.x && was.y === is.y) return { before: "", after: "" };
  const pen = new Pen(styles);
  pen.jumpTo(is);
  return { before: was === null || !hasMoved ? "" : HIDE_CURSOR, after: pen.sent + SHOW_CURSOR };
}

function drawRow(pen: Pen, before: Screen | null, next: Screen, y: number): void {
  const row = y * next.columns;
  const first = firstChange(before, next, row);
  if (first === next.columns) return;
  const afterLast = lastChange(before, next, row) + 1;
  const blankFrom = trailingBlanks(next, row);
  const erased = Math.max(first, blankFrom);
  const erases = afterLast - erased > ERASE_BYTES;
  const stop = erases ? erased : afterLast;
  let contestedUntil = 0;
  for (let x = first; x < stop || x < contestedUntil; ) {
    const cell = row + x;
    const isWide = x + 1 < next.columns && next.characters[cell + 1] === RIGHT_HALF;
    const width = isWide ? 2 : 1;
    const isChanged =
      x < contestedUntil || differs(before, next, cell) || (isWide && differs(before, next, cell + 1));
    if (isChanged) {
      pen.goTo(x, y, next);
      const contested = drawCell(pen, next, x, y, width);
      if (contested > 0) contestedUntil = Math.min(next.columns, x + width + contested);
    }
    x += width;
  }
  if (!erases) return;
  pen.goTo(erased, y, next);
  pen.eraseToEnd();
}

/**
 * Returns how many cells after it a terminal may have overwritten that takes the character for wider, or marks for
 * characters. What it takes for narrower would leave a cell as it was, so that is blanked first.
 */
function drawCell(pen: Pen, screen: Screen, x: number, y: number, width: 1 | 2): number {
  const cell = y * screen.columns + x;
  const codePoint = screen.characters[cell] ?? BLANK;
  const marks = screen.marks[cell] ?? 0;
  const style = screen.styles[cell] ?? PLAIN;
  if (marks === 0 && isWidthAgreed(codePoint)) {
    pen.write(String.fromCodePoint(codePoint), width, style);
    return 0;
  }
  pen.write(width === 2 ? "  " : " ", width, style);
  pen.jumpTo({ x, y });
  pen.write(String.fromCodePoint(codePoint) + marksText(marks), width, style);
  pen.lose();
  return (isWidthAgreed(codePoint) ? 0 : 1) + marksText(marks).length;
}

function marksText(marks: number): string {
  if (marks === 0) return "";
  const first = String.fromCharCode(marks & LOW_HALF);
  return marks > LOW_HALF ? first + String.fromCharCode(marks >>> HIGH_HALF) : first;
}

function differs(before: Screen | null, next: Screen, cell: number): boolean {
  return (
    before === null ||
    before.characters[cell] !== next.characters[cell] ||
    before.styles[cell] !== next.styles[cell] ||
    before.marks[cell] !== next.marks[cell]
  );
}

/** The first column of a row that has changed; the number of columns when none has. */
function firstChange(before: Screen | null, next: Screen, row: number): number {
  let x = 0;
  while (x < next.columns && !differs(before, next, row + x)) x++;
  // A right half has changed with its left one, also where only that is told apart.
  return x > 0 && x < next.columns && next.characters[row + x] === RIGHT_HALF ? x - 1 : x;
}

function lastChange(before: Screen | null, next: Screen, row: number): number {
  let x = next.columns - 1;
  while (x > 0 && !differs(before, next, row + x)) x--;
  return x;
}

/** The column from which on a row is blank and plain. */
function trailingBlanks(screen: Screen, row: number): number {
  let x = screen.columns;
  while (x > 0) {
    const cell = row + x - 1;
    if (screen.characters[cell] !== BLANK || screen.styles[cell] !== PLAIN || screen.marks[cell] !== 0) break;
    x--;
  }
  return x;
}
