import { FilterError, quoteBack } from "./filter-error.js";
import { type Token, tokenize } from "./lexer.js";

/** Goes through the tokens of a filter, and complains of them. */
export class TokenReader {
  readonly #tokens: readonly Token[];
  readonly #end: Token;
  #at = 0;

  /** @throws FilterError */
  constructor(text: string) {
    this.#tokens = tokenize(text);
    this.#end = { kind: "end", text: "", start: text.length, end: text.length };
  }

  /** The next token, or one beyond it; it stays the next. */
  peek(beyond = 0): Token {
    return this.#tokens[this.#at + beyond] ?? this.#end;
  }

  /** The token that was taken last; the end before any was. */
  get last(): Token {
    return this.#tokens[this.#at - 1] ?? this.#end;
  }

  /** The token before the one that was taken last; null when there is none. */
  get beforeLast(): Token | null {
    return this.#tokens[this.#at - 2] ?? null;
  }

  take(): Token {
    const token = this.peek();
    this.#at += 1;
    return token;
  }

  /** Whether the next token, or one beyond it, is this bare word. */
  isWord(word: string, beyond = 0): boolean {
    const { kind, text } = this.peek(beyond);
    return kind === "word" && text.toLowerCase() === word;
  }

  /** Takes the next token if it is this bare word. */
  takeWord(word: string): boolean {
    if (!this.isWord(word)) return false;
    this.#at += 1;
    return true;
  }

  /** Takes the next token if it is of that kind. */
  takeKind(kind: Token["kind"]): boolean {
    if (this.peek().kind !== kind) return false;
    this.#at += 1;
    return true;
  }
}

/** The complaint of one token: `tx_rat: no such column`. */
export function complainOf(
  token: Token,
  problem: string,
  mend: string,
  expected: readonly string[] = [],
): FilterError {
  const subject = token.kind === "end" ? "at the end" : quoteBack(token.text);
  return new FilterError(token, `${subject}: ${problem}`, mend, expected);
}
