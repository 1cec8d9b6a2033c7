import type { Position, Screen } from "./screen.js";
import { PLAIN, type StyleId, type StyleTable } from "./style-table.js";

/** A move costs this many bytes at least: over fewer cells it is cheaper to write them again. */
const LONGEST_REWRITE = 4;
const SPACE = 0x20;
const DELETE = 0x7f;

/** Collects what to send to a terminal, and knows where that leaves its cursor, and in which style. */
export class Pen {
  readonly #styles: StyleTable;
  #sent = "";
  /** null: not known. */
  #x: number | null = null;
  #y = 0;
  #style: StyleId = PLAIN;

  /** Of a terminal whose style is plain, with the cursor anywhere. */
  constructor(styles: StyleTable) {
    this.#styles = styles;
  }

  get sent(): string {
    return this.#sent;
  }

  /** Sends a sequence that moves nothing and keeps the style. */
  control(sequence: string): void {
    this.#sent += sequence;
  }

  /** To a cell, in the shortest way; `screen` is what the terminal will show to the left of it. */
  goTo(x: number, y: number, screen: Screen): void {
    if (this.#x === null || this.#y !== y || this.#x > x) {
      this.#jump(x, y);
      return;
    }
    const gap = x - this.#x;
    if (gap === 0) return;
    if (gap <= LONGEST_REWRITE && this.#canRewrite(screen, y * screen.columns + this.#x, gap)) {
      for (let cell = y * screen.columns + this.#x, end = cell + gap; cell < end; cell++) {
        this.#sent += String.fromCharCode(screen.characters[cell] ?? SPACE);
      }
    } else {
      this.#sent += gap === 1 ? "\x1b[C" : `\x1b[${gap}C`;
    }
    this.#x = x;
  }

  /** Writes at the cursor what takes `width` columns. */
  write(text: string, width: number, style: StyleId): void {
    this.setStyle(style);
    this.#sent += text;
    if (this.#x !== null) this.#x += width;
  }

  setStyle(style: StyleId): void {
    if (style === this.#style) return;
    this.#sent += this.#styles.rendition(this.#style, style);
    this.#style = style;
  }

  /** Blanks the rest of the row from the cursor on, in plain style: the only one that all terminals erase with. */
  eraseToEnd(): void {
    this.setStyle(PLAIN);
    this.#sent += "\x1b[K";
  }

  /** The cursor is where the terminal thinks, which is not known. */
  lose(): void {
    this.#x = null;
  }

  /** To a cell by its address, whatever is known. */
  jumpTo({ x, y }: Position): void {
    this.#jump(x, y);
  }

  #jump(x: number, y: number): void {
    const isNextLine = this.#x !== null && x === 0 && y === this.#y + 1;
    if (isNextLine) this.#sent += "\r\n";
    else if (x === 0) this.#sent += y === 0 ? "\x1b[H" : `\x1b[${y + 1}H`;
    else this.#sent += `\x1b[${y + 1};${x + 1}H`;
    this.#x = x;
    this.#y = y;
  }

  #canRewrite(screen: Screen, from: number, count: number): boolean {
    for (let cell = from; cell < from + count; cell++) {
      const character = screen.characters[cell] ?? 0;
      const isPlain = character >= SPACE && character < DELETE && screen.marks[cell] === 0;
      if (!isPlain || screen.styles[cell] !== this.#style) return false;
    }
    return true;
  }
}
