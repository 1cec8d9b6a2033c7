import { TcptopError } from "../../model/error.js";
import { harmless } from "../../model/text.js";

/** The part of the text that something is about, in UTF-16 units; of length 0 at the end. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

const MOST_SHOWN = 40;

/** A filter that makes no sense: where, why, and what could stand there. */
export class FilterError extends TcptopError {
  readonly span: Span;
  /** Words that could stand there, for completion; not all that could: values have no end. */
  readonly expected: readonly string[];

  constructor(span: Span, message: string, mend: string, expected: readonly string[] = []) {
    super("usage", message, mend);
    this.span = span;
    this.expected = expected;
  }
}

/** What the user wrote, as it can be shown in a line. */
export function quoteBack(text: string): string {
  const shown = harmless(text);
  if (shown === "") return '""';
  return shown.length > MOST_SHOWN ? `${shown.slice(0, MOST_SHOWN)}...` : shown;
}
