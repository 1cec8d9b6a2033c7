import xterm from "@xterm/headless";
import type { Position, Size } from "../../src/tui/screen/screen.js";
import { type Color, PLAIN_STYLE, type Style } from "../../src/tui/screen/style.js";

/** A cell as an emulator shows it. */
export interface ShownCell {
  /** With combining marks; "" for the right half of a wide character. */
  readonly text: string;
  readonly width: number;
  readonly style: Style;
}

/** What programs switch, and have to switch back. */
export interface EmulatorModes {
  readonly screen: "normal" | "alternate";
  readonly mouse: boolean;
  readonly pasteInBrackets: boolean;
  readonly wraps: boolean;
  readonly showsCursor: boolean;
}

const TRUE_COLOR = 0x1000000;
const CURSOR = 25;
const RESET = "\x1bc";
/** As the terminal's owner sets it: the alternate screen, which is not wrapped anew when resized, and nothing wraps. */
const TAKEN = "\x1b[?1049h\x1b[?7l";

/** A terminal without a window, to which frames are sent. */
export class Emulator {
  readonly #terminal: xterm.Terminal;
  #showsCursor = true;

  constructor({ columns, rows }: Size) {
    this.#terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true, scrollback: 0 });
    for (const final of ["h", "l"]) {
      this.#terminal.parser.registerCsiHandler({ prefix: "?", final }, (modes) => {
        if (modes.includes(CURSOR)) this.#showsCursor = final === "h";
        // The terminal itself is to obey, too.
        return false;
      });
    }
  }

  /** From now on every character that `isWide` says takes two columns, and no mark joins the character before it. */
  takeForWide(isWide: (codePoint: number) => boolean): void {
    const wcwidth = (codePoint: number): 1 | 2 => (isWide(codePoint) ? 2 : 1);
    this.#terminal.unicode.register({
      version: "wide",
      wcwidth,
      // A character's width lies above the bit for joining, as xterm.js packs its properties.
      charProperties: (codePoint) => wcwidth(codePoint) << 1,
    });
    this.#terminal.unicode.activeVersion = "wide";
  }

  get size(): Size {
    return { columns: this.#terminal.cols, rows: this.#terminal.rows };
  }

  get cursor(): Position {
    const { cursorX, cursorY } = this.#terminal.buffer.active;
    return { x: cursorX, y: cursorY };
  }

  get modes(): EmulatorModes {
    const { mouseTrackingMode, bracketedPasteMode, wraparoundMode } = this.#terminal.modes;
    return {
      screen: this.#terminal.buffer.active.type,
      mouse: mouseTrackingMode !== "none",
      pasteInBrackets: bracketedPasteMode,
      wraps: wraparoundMode,
      showsCursor: this.#showsCursor,
    };
  }

  /** Calls back with what the terminal answers to questions. */
  onAnswer(take: (text: string) => void): void {
    this.#terminal.onData(take);
  }

  answerBackground(color: string): void {
    this.#terminal.parser.registerOscHandler(11, (question) => {
      if (question === "?") this.#terminal.input(`\x1b]11;${color}\x1b\\`, false);
      return true;
    });
  }

  /** Resolves when what was sent is shown. */
  send(text: string | Uint8Array): Promise<void> {
    return new Promise((resolve) => this.#terminal.write(text, resolve));
  }

  /** As new, for frames. */
  async start(size: Size): Promise<void> {
    this.resize(size);
    await this.send(RESET + TAKEN);
  }

  resize({ columns, rows }: Size): void {
    this.#terminal.resize(columns, rows);
  }

  cell(x: number, y: number): ShownCell {
    const cell = this.#line(y)?.getCell(x);
    if (cell === undefined) throw new RangeError(`no cell ${x}, ${y}`);
    return { text: textOf(cell), width: cell.getWidth(), style: styleOf(cell) };
  }

  /** The rows as text, without the blanks at their ends. */
  lines(): readonly string[] {
    return Array.from({ length: this.size.rows }, (_, y) => this.#line(y)?.translateToString(true) ?? "");
  }

  #line(y: number): xterm.IBufferLine | undefined {
    const { active } = this.#terminal.buffer;
    return active.getLine(active.baseY + y);
  }
}

/** A cell that was never written and one that a blank was written to look the same. */
function textOf(cell: xterm.IBufferCell): string {
  return cell.getChars() === "" && cell.getWidth() === 1 ? " " : cell.getChars();
}

function styleOf(cell: xterm.IBufferCell): Style {
  return {
    ...PLAIN_STYLE,
    foreground: colorOf(cell.isFgDefault(), cell.isFgRGB(), cell.getFgColor()),
    background: colorOf(cell.isBgDefault(), cell.isBgRGB(), cell.getBgColor()),
    bold: cell.isBold() !== 0,
    dim: cell.isDim() !== 0,
    underline: cell.isUnderline() !== 0,
    reverse: cell.isInverse() !== 0,
  };
}

function colorOf(isDefault: boolean, isTrueColor: boolean, value: number): Color | null {
  if (isDefault) return null;
  return isTrueColor ? TRUE_COLOR | value : value;
}
