/** Where frames go. A reader that went away (`| head`) is a reason to end, not an error. */
export class StandardOutput {
  readonly #stream: NodeJS.WriteStream;
  readonly #onReaderGone: () => void;
  #failure: Error | null = null;

  constructor(stream: NodeJS.WriteStream, onReaderGone: () => void) {
    this.#stream = stream;
    this.#onReaderGone = onReaderGone;
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") this.#failure = error;
      this.#onReaderGone();
    });
  }

  /** Columns of the terminal; null where the reader is none, or is one that does not say (a serial console: 0). */
  get width(): number | null {
    return this.#stream.isTTY && this.#stream.columns > 0 ? this.#stream.columns : null;
  }

  /** Whether the reader is a terminal with colours, and nobody wants none (no-color.org: set, and not empty). */
  get hasColours(): boolean {
    const { NO_COLOR: unwanted = "", TERM: terminal = "dumb" } = process.env;
    return this.#stream.isTTY && unwanted === "" && terminal !== "dumb";
  }

  /** Why writing failed, if it did for another reason than a reader that went away: a full disk. */
  get failure(): Error | null {
    return this.#failure;
  }

  /** Resolves when the text has been handed over, or can't be any more. */
  write(text: string): Promise<void> {
    return new Promise((resolve) => {
      this.#stream.write(text, () => resolve());
    });
  }
}
