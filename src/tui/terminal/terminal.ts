import type { ReadStream, WriteStream } from "node:tty";
import { ENDING_SIGNALS } from "../../model/ending-signals.js";
import { InputDecoder } from "../input/input-decoder.js";
import type { InputEvent, ReplyEvent } from "../input/input-event.js";
import type { Charset } from "../screen/charset.js";
import { encodeFrame } from "../screen/frame.js";
import { Screen, type Size } from "../screen/screen.js";
import type { StyleTable } from "../screen/style-table.js";
import { readUntil } from "./read-until.js";
import { enteringSequence, leavingSequence, mouseSequence } from "./terminal-modes.js";
import { type Discard, TtyOutput } from "./tty-output.js";

/** Why the terminal was given back without being asked for it. */
export type TerminalEnd =
  | { readonly kind: "signal"; readonly signal: NodeJS.Signals }
  /** It hung up, or can't be read or written any more. */
  | { readonly kind: "lost" };

/** Whom the terminal tells what happens. */
export interface TerminalListener {
  readonly onInput: (event: Exclude<InputEvent, ReplyEvent>) => void;
  /** What was drawn is not shown any more: another size, or back after a suspension. */
  readonly onRedraw: () => void;
  /** Called once, after everything was restored. */
  readonly onEnd: (end: TerminalEnd) => void;
}

export interface TerminalOptions {
  readonly input: ReadStream & { readonly fd: number };
  /** Written to through a descriptor of its own: this one tells the size. */
  readonly output: WriteStream & { readonly fd: number };
  /** That of all cells which are drawn. */
  readonly styles: StyleTable;
  readonly charset: Charset;
  readonly mouse: boolean;
  /** How to give back a terminal that is far behind in reading, as over a bad line. */
  readonly discardUnread: Discard;
}

/** Puts a frame together, on a blank screen of the terminal's size. */
export type Painter = (screen: Screen) => void;

/** What follows an ESC in a sequence comes with it, or as soon as the network had a hiccup. */
const ESCAPE_MS = 50;
/** Sizes in between, while a window is dragged, are not worth a frame. */
const RESIZE_MS = 20;
/** How long a terminal that does not read can hold up the end. */
const LEAVING_MS = 300;
/** How long an answer may be on its way that nobody else must get: a shell would take it for typed. */
const ANSWER_MS = 3000;
/** How long the end waits for it. */
const LAST_ANSWER_MS = 500;
/** Where the terminal does not know: a serial line. */
const DEFAULT_SIZE: Size = { columns: 80, rows: 24 };
/** What is the terminal's own background (OSC 11), and then what every terminal answers (DA1): no answer is one, too. */
const BACKGROUND_QUESTION = "\x1b]11;?\x1b\\\x1b[c";

/**
 * The owner of the terminal, and the only one who reads and writes it while it is taken. However the process ends, but
 * for SIGKILL, it is given back as it was: raw mode, alternate screen, cursor, mouse.
 */
export class Terminal {
  readonly #options: TerminalOptions;
  readonly #listener: TerminalListener;
  readonly #output: TtyOutput;
  readonly #decoder = new InputDecoder();
  #hasMouse: boolean;
  #isTaken = false;
  #isOver = false;
  /** The frame that the terminal shows once the output is not busy; null: not known. */
  #shown: Screen | null = null;
  #spare: Screen | null = null;
  /** The newest; those that came while the terminal was busy are never drawn. */
  #painter: Painter | null = null;
  /** Sequences to send before the next frame. */
  #controls = "";
  #escapeTimer: NodeJS.Timeout | null = null;
  #resizeTimer: NodeJS.Timeout | null = null;
  #onReply: (text: string) => void = () => {};
  /** When a question was asked that has no answer yet. */
  #askedMs = Number.NEGATIVE_INFINITY;

  /** Takes the terminal at once. Both streams must be terminals. */
  constructor(options: TerminalOptions, listener: TerminalListener) {
    this.#options = options;
    this.#listener = listener;
    this.#hasMouse = options.mouse;
    this.#output = new TtyOutput(options.output.fd, this.#onLost);
    this.#listen();
    this.#take();
  }

  get size(): Size {
    const { columns, rows } = this.#options.output;
    return columns > 0 && rows > 0 ? { columns, rows } : DEFAULT_SIZE;
  }

  /** Draws a frame as soon as the terminal has taken the one before; only the newest is drawn then. */
  draw(painter: Painter): void {
    this.#painter = painter;
    this.#advance();
  }

  /** Draws all of the screen anew, whatever has been written over it. */
  redraw(): void {
    this.#shown = null;
    this.#listener.onRedraw();
  }

  /** Whether the mouse is tcptop's, or the terminal's to mark text with. */
  setMouse(hasMouse: boolean): void {
    this.#hasMouse = hasMouse;
    this.#control(mouseSequence(hasMouse));
  }

  /**
   * The terminal's answer to what its background is, as `backgroundOf` reads it; null when it has none, or not in
   * time. One question at a time.
   */
  askBackground(withinMs: number): Promise<string | null> {
    return new Promise((resolve) => {
      let answer: string | null = null;
      const finish = () => {
        clearTimeout(timer);
        this.#onReply = () => {};
        resolve(answer);
      };
      const timer = setTimeout(finish, withinMs);
      this.#onReply = (text) => {
        if (text.startsWith("]11;")) answer = text;
        // The second answer says that there will be no other.
        if (text.startsWith("]11;") || text.endsWith("c")) finish();
      };
      this.#askedMs = performance.now();
      this.#control(BACKGROUND_QUESTION);
    });
  }

  /** Gives the terminal back and stops, as Ctrl-Z asks for; takes it again when the shell goes on with it. */
  suspend(): void {
    if (this.#isOver) return;
    this.#give();
    process.off("SIGTSTP", this.#onSuspend);
    // The whole job, as the terminal itself does it. This returns when it is continued; or at once where no shell could
    // continue it (an orphaned process group), in which the signal stops nobody.
    process.kill(0, "SIGTSTP");
    process.on("SIGTSTP", this.#onSuspend);
    this.#takeAgain();
  }

  /** Gives the terminal back for good. */
  release(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#stopListening();
    this.#give();
    this.#output.close();
  }

  #take(): void {
    // First: this is where a job in the background stops, before it writes.
    this.#options.input.setRawMode(true);
    if (this.#isOver) return;
    this.#isTaken = true;
    this.#shown = null;
    this.#control(enteringSequence(this.#hasMouse));
  }

  #give(): void {
    if (!this.#isTaken) return;
    this.#isTaken = false;
    this.#controls = "";
    const leave = leavingSequence(this.#output.cancel());
    this.#output.writeNow(leave, leavingSequence(true), this.#options.discardUnread, LEAVING_MS);
    if (performance.now() < this.#askedMs + ANSWER_MS) this.#awaitAnswer();
    this.#options.input.setRawMode(false);
  }

  #awaitAnswer(): void {
    const take = (chunk: Uint8Array) => {
      for (const event of this.#decoder.feed(chunk)) if (event.kind === "reply") this.#hearReply(event.text);
      return this.#askedMs < 0 ? "enough" : "more";
    };
    readUntil(this.#options.input.fd, take, LAST_ANSWER_MS);
    this.#askedMs = Number.NEGATIVE_INFINITY;
  }

  #hearReply(text: string): void {
    // The last of the answers.
    if (text.endsWith("c")) this.#askedMs = Number.NEGATIVE_INFINITY;
    this.#onReply(text);
  }

  #takeAgain(): void {
    // Only the job in the foreground is told of another size: Node.js is to look at it again.
    process.emit("SIGWINCH", "SIGWINCH");
    this.#take();
    if (!this.#isOver) this.#listener.onRedraw();
  }

  #control(sequence: string): void {
    if (!this.#isTaken) return;
    this.#controls += sequence;
    this.#advance();
  }

  #advance(): void {
    if (!this.#isTaken || this.#output.isBusy) return;
    const controls = this.#controls;
    this.#controls = "";
    const painter = this.#painter;
    this.#painter = null;
    const text = controls + (painter === null ? "" : this.#frame(painter));
    if (text !== "") this.#output.write(text, () => this.#advance());
  }

  #frame(painter: Painter): string {
    const { columns, rows } = this.size;
    const isFit = this.#spare !== null && this.#spare.columns === columns && this.#spare.rows === rows;
    const screen =
      isFit && this.#spare !== null ? this.#spare : new Screen({ columns, rows }, this.#options.charset);
    screen.clear();
    painter(screen);
    const frame = encodeFrame(this.#shown, screen, this.#options.styles);
    this.#spare = this.#shown;
    this.#shown = screen;
    return frame;
  }

  #listen(): void {
    const { input, output } = this.#options;
    input.on("data", this.#onData).on("end", this.#onLost).on("error", this.#onLost);
    output.on("resize", this.#onResize).on("error", this.#onLost);
    for (const signal of ENDING_SIGNALS) process.on(signal, this.#onSignal);
    process.on("SIGTSTP", this.#onSuspend);
    process.on("SIGCONT", this.#onContinue);
    process.on("exit", this.#onExit);
    process.on("uncaughtExceptionMonitor", this.#onExit);
  }

  #stopListening(): void {
    const { input, output } = this.#options;
    // The listeners for errors stay: an error that nobody listens to would end the process.
    input.off("data", this.#onData).off("end", this.#onLost).pause();
    output.off("resize", this.#onResize);
    for (const signal of ENDING_SIGNALS) process.off(signal, this.#onSignal);
    process.off("SIGTSTP", this.#onSuspend);
    process.off("SIGCONT", this.#onContinue);
    process.off("exit", this.#onExit);
    process.off("uncaughtExceptionMonitor", this.#onExit);
    if (this.#escapeTimer !== null) clearTimeout(this.#escapeTimer);
    if (this.#resizeTimer !== null) clearTimeout(this.#resizeTimer);
  }

  #end(end: TerminalEnd): void {
    if (this.#isOver) return;
    this.release();
    this.#listener.onEnd(end);
  }

  #tell(events: readonly InputEvent[]): void {
    for (const event of events) {
      if (event.kind === "reply") this.#hearReply(event.text);
      else if (!this.#isOver) this.#listener.onInput(event);
    }
  }

  readonly #onData = (chunk: Uint8Array): void => {
    if (this.#escapeTimer !== null) clearTimeout(this.#escapeTimer);
    this.#escapeTimer = null;
    this.#tell(this.#decoder.feed(chunk));
    if (this.#decoder.isWaiting && !this.#isOver) {
      this.#escapeTimer = setTimeout(() => this.#tell(this.#decoder.flush()), ESCAPE_MS);
    }
  };

  readonly #onResize = (): void => {
    this.#shown = null;
    this.#resizeTimer ??= setTimeout(() => {
      this.#resizeTimer = null;
      this.#listener.onRedraw();
    }, RESIZE_MS);
  };

  /** Also after a SIGSTOP, which nobody hears of: the shell has used the terminal meanwhile. */
  readonly #onContinue = (): void => {
    // First: this is where a job in the background stops, before it writes.
    this.#options.input.setRawMode(false);
    this.#give();
    this.#takeAgain();
  };

  readonly #onSuspend = (): void => this.suspend();
  readonly #onSignal = (signal: NodeJS.Signals): void => this.#end({ kind: "signal", signal });
  readonly #onLost = (): void => this.#end({ kind: "lost" });
  readonly #onExit = (): void => this.release();
}
