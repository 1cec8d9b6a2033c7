import { closeSync, constants, writeSync } from "node:fs";
import { isNotNow, openAnew, pause } from "./own-descriptor.js";

const FIRST_RETRY_MS = 4;
const LONGEST_RETRY_MS = 64;
/** How often what must be written at once is tried again, where the terminal takes nothing. */
const PRESSING_RETRY_MS = 10;

/** Drops what was written to a terminal and not read by its other end. */
export type Discard = (terminal: number) => void;

/**
 * Writes to a terminal without ever waiting for it. process.stdout waits in write(2) when the other end does not read
 * (a stalled ssh), and then neither keys nor signals are heard: so this has a descriptor of its own, not blocking.
 */
export class TtyOutput {
  readonly #descriptor: number;
  readonly #isOwn: boolean;
  readonly #onFailure: (error: Error) => void;
  #rest: Uint8Array | null = null;
  #onWritten: () => void = () => {};
  #timer: NodeJS.Timeout | null = null;

  /** `descriptor` is a terminal. `onFailure` is told once that nothing can be written to it any more. */
  constructor(descriptor: number, onFailure: (error: Error) => void) {
    const own = openAnew(descriptor, constants.O_WRONLY);
    this.#descriptor = own ?? descriptor;
    this.#isOwn = own !== null;
    this.#onFailure = onFailure;
  }

  /** Whether a text is not written to its end yet. */
  get isBusy(): boolean {
    return this.#rest !== null;
  }

  /** Writes as fast as the terminal takes it; `onWritten` is called when all is written. Only when not busy. */
  write(text: string, onWritten: () => void): void {
    if (this.#rest !== null) throw new Error("the terminal has not taken the text before");
    this.#rest = Buffer.from(text, "utf8");
    this.#onWritten = onWritten;
    this.#advance(FIRST_RETRY_MS);
  }

  /** Forgets what is not written yet; tells whether there was something. */
  cancel(): boolean {
    const isCut = this.#rest !== null;
    this.#rest = null;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    return isCut;
  }

  /**
   * Writes before it returns, for at most `withinMs`. Where the terminal is behind in reading, `discardUnread` makes room, and
   * `instead` is written, since a sequence may have been cut. Only when not busy.
   */
  writeNow(text: string, instead: string, discardUnread: Discard, withinMs: number): void {
    const whole = Buffer.from(text, "utf8");
    const deadlineMs = performance.now() + withinMs;
    try {
      if (this.#writeSome(whole) === whole.length) return;
      discardUnread(this.#descriptor);
      let rest: Uint8Array = Buffer.from(instead, "utf8");
      while (true) {
        rest = rest.subarray(this.#writeSome(rest));
        if (rest.length === 0 || performance.now() >= deadlineMs) return;
        pause(PRESSING_RETRY_MS);
      }
    } catch {
      // A terminal that is gone needs nothing.
    }
  }

  close(): void {
    this.cancel();
    if (this.#isOwn) closeSync(this.#descriptor);
  }

  #advance(retryMs: number): void {
    this.#timer = null;
    if (this.#rest === null) return;
    try {
      this.#rest = this.#rest.subarray(this.#writeSome(this.#rest));
    } catch (error) {
      this.#rest = null;
      this.#onFailure(error instanceof Error ? error : new Error(String(error)));
      return;
    }
    if (this.#rest.length === 0) {
      this.#rest = null;
      this.#onWritten();
      return;
    }
    // Node.js can't wait for a descriptor of a terminal to become writable, other than by a stream that blocks.
    this.#timer = setTimeout(() => this.#advance(Math.min(2 * retryMs, LONGEST_RETRY_MS)), retryMs);
  }

  /** Returns how many bytes the terminal took, which can be none. */
  #writeSome(bytes: Uint8Array): number {
    try {
      return writeSync(this.#descriptor, bytes);
    } catch (error) {
      if (isNotNow(error)) return 0;
      throw error;
    }
  }
}
