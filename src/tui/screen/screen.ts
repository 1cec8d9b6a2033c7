import { characterWidth } from "../../model/character-width.js";
import { type Alignment, textWidth } from "../../model/text-width.js";
import { asciiLikeness, type Charset } from "./charset.js";
import { PLAIN, type StyleId } from "./style-table.js";

/** Columns and rows. */
export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** A cell, counted from 0 at the top left. */
export interface Position {
  readonly x: number;
  readonly y: number;
}

/** In the place of a code point: the right half of the wide character before it. */
export const RIGHT_HALF = 0;
export const BLANK = 0x20;

const ELLIPSIS = "…";
const PLAIN_ASCII = /^[\x20-\x7e]*$/;
/** A cell has room for two combining marks of the Basic Multilingual Plane; no writing system needs more after NFC. */
const MAX_MARK = 0xffff;

/**
 * A grid of cells that text is put into: a frame before it is drawn. What does not fit is clipped, also what lies
 * outside; control characters, and whatever else is no character to see, do not come in.
 */
export class Screen implements Size {
  readonly columns: number;
  readonly rows: number;
  readonly charset: Charset;
  /** By row, then by column: the code point, or RIGHT_HALF. */
  readonly characters: Uint32Array;
  /** Up to two combining marks of each character, the first in the low half; 0 for none. */
  readonly marks: Uint32Array;
  readonly styles: Uint16Array;
  /** Where the terminal's cursor is to be seen; null: nowhere. */
  cursor: Position | null = null;

  /** A blank screen. */
  constructor(size: Size, charset: Charset) {
    this.columns = size.columns;
    this.rows = size.rows;
    this.charset = charset;
    this.characters = new Uint32Array(size.columns * size.rows).fill(BLANK);
    this.marks = new Uint32Array(size.columns * size.rows);
    this.styles = new Uint16Array(size.columns * size.rows);
  }

  /** Makes all of it blank again. */
  clear(): void {
    this.characters.fill(BLANK);
    this.marks.fill(0);
    this.styles.fill(PLAIN);
    this.cursor = null;
  }

  /** Puts a text from `x` on, in at most `width` columns; returns the column after it. */
  put(x: number, y: number, text: string, style: StyleId, width = Number.POSITIVE_INFINITY): number {
    if (y < 0 || y >= this.rows) return x;
    return this.#putShown(x, y, this.#shown(text), style, Math.min(this.columns, x + width));
  }

  /** Columns that a text takes here. */
  widthOf(text: string): number {
    return textWidth(this.#shown(text));
  }

  /** Fills exactly `width` columns with a text: padded with blanks, or cut and ended with "…". */
  fit(
    x: number,
    y: number,
    text: string,
    style: StyleId,
    width: number,
    alignment: Alignment = "left",
  ): number {
    if (width < 1) return x;
    const columns = this.widthOf(text);
    if (columns > width) {
      const end = this.put(x, y, text, style, width - 1);
      this.fill(end, y, x + width - end, style);
      this.put(end, y, ELLIPSIS, style, 1);
      return x + width;
    }
    const start = alignment === "left" ? x : x + width - columns;
    this.fill(x, y, start - x, style);
    const end = this.put(start, y, text, style, columns);
    this.fill(end, y, x + width - end, style);
    return x + width;
  }

  /** Makes `width` columns blank, in a style. */
  fill(x: number, y: number, width: number, style: StyleId): void {
    if (y < 0 || y >= this.rows) return;
    const end = Math.min(this.columns, x + width);
    for (let column = Math.max(0, x); column < end; column++) this.#set(column, y, BLANK, 1, style);
  }

  /** Gives `width` columns another style each, by the one they have: the selected row. */
  restyle(x: number, y: number, width: number, change: (style: StyleId) => StyleId): void {
    if (y < 0 || y >= this.rows) return;
    const row = y * this.columns;
    const start = Math.max(0, x);
    const end = Math.min(this.columns, x + width);
    if (end <= start) return;
    // A wide character has one style: half of one counts as all of it.
    const first = this.characters[row + start] === RIGHT_HALF ? start - 1 : start;
    const after = end < this.columns && this.characters[row + end] === RIGHT_HALF ? end + 1 : end;
    for (let cell = row + first; cell < row + after; cell++) {
      this.styles[cell] = change(this.styles[cell] ?? PLAIN);
    }
  }

  /** The text as this screen's charset has it. */
  #shown(text: string): string {
    if (this.charset === "utf-8" || PLAIN_ASCII.test(text)) return text;
    return asciiLikeness(withoutMarks(text));
  }

  #putShown(x: number, y: number, text: string, style: StyleId, end: number): number {
    return PLAIN_ASCII.test(text)
      ? this.#putAscii(x, y, text, style, end)
      : this.#putCharacters(x, y, text, style, end);
  }

  #putAscii(x: number, y: number, text: string, style: StyleId, end: number): number {
    const stop = Math.max(x, Math.min(end, x + text.length));
    for (let column = Math.max(0, x); column < stop; column++) {
      this.#set(column, y, text.charCodeAt(column - x), 1, style);
    }
    return stop;
  }

  #putCharacters(x: number, y: number, text: string, style: StyleId, end: number): number {
    let column = x;
    let last = -1;
    for (const character of text.normalize("NFC")) {
      const codePoint = character.codePointAt(0) ?? BLANK;
      const width = characterWidth(codePoint);
      if (width === null) continue;
      if (width === 0) {
        if (last >= 0) this.#addMark(last, codePoint);
        continue;
      }
      if (column + width > end) break;
      last = column >= 0 ? y * this.columns + column : -1;
      if (column >= 0) this.#set(column, y, codePoint, width, style);
      column += width;
    }
    return column;
  }

  #set(x: number, y: number, codePoint: number, width: 1 | 2, style: StyleId): void {
    const cell = y * this.columns + x;
    const after = cell + width;
    // A wide character that is half overwritten leaves a blank in its other half.
    if (this.characters[cell] === RIGHT_HALF) this.#blank(cell - 1);
    if (x + width < this.columns && this.characters[after] === RIGHT_HALF) this.#blank(after);
    this.characters[cell] = codePoint;
    this.marks[cell] = 0;
    this.styles[cell] = style;
    if (width === 1) return;
    this.characters[cell + 1] = RIGHT_HALF;
    this.marks[cell + 1] = 0;
    this.styles[cell + 1] = style;
  }

  #blank(cell: number): void {
    this.characters[cell] = BLANK;
    this.marks[cell] = 0;
  }

  #addMark(cell: number, mark: number): void {
    if (mark > MAX_MARK) return;
    const marks = this.marks[cell] ?? 0;
    if (marks === 0) this.marks[cell] = mark;
    else if (marks <= MAX_MARK) this.marks[cell] = ((mark << 16) | marks) >>> 0;
  }
}

/** The characters that take columns. */
function withoutMarks(text: string): string {
  return [...text.normalize("NFC")]
    .filter((character) => (characterWidth(character.codePointAt(0) ?? 0) ?? 0) > 0)
    .join("");
}
