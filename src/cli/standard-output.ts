import { TcptopError } from "../model/error.js";
import { canDraw } from "../model/terminal-type.js";

/** Where frames go. A reader that went away (`| head`) is a reason to end, not an error. */
export class StandardOutput {
  readonly #stream: NodeJS.WriteStream;
  readonly #onReaderGone: () => void;
  #failure: Error | null = null;

  constructor(stream: NodeJS.WriteStream, onReaderGone: () => void = ignore) {
    this.#stream = stream;
    this.#onReaderGone = onReaderGone;
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (!this.#isReaderGone(error)) this.#failure ??= error;
      this.#onReaderGone();
    });
  }

  /** Columns of the terminal; null where the reader is none, or is one that does not say (a serial console: 0). */
  get width(): number | null {
    return this.#stream.isTTY && this.#stream.columns > 0 ? this.#stream.columns : null;
  }

  /** Whether the reader is a terminal with colours, and nobody wants none (no-color.org: set, and not empty). */
  get hasColours(): boolean {
    const { NO_COLOR: unwanted = "", TERM } = process.env;
    return this.#stream.isTTY && unwanted === "" && canDraw(TERM);
  }

  /** @throws TcptopError `failed` where writing failed for another reason than a reader that went away: a full disk. */
  requireWritten(): void {
    if (this.#failure === null) return;
    throw new TcptopError("failed", `can't write to stdout: ${this.#failure.message}`, "", {
      cause: this.#failure,
    });
  }

  /** Resolves when the text has been handed over, or can't be any more. */
  write(text: string): Promise<void> {
    return new Promise((resolve) => {
      this.#stream.write(text, () => resolve());
    });
  }

  /** EIO is a terminal's that has hung up, ECONNRESET a socket's, which some have in place of a pipe. */
  #isReaderGone({ code }: NodeJS.ErrnoException): boolean {
    return code === "EPIPE" || code === "ECONNRESET" || (code === "EIO" && this.#stream.isTTY);
  }
}

function ignore(): void {}
