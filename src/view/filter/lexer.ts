import { FilterError, quoteBack, type Span } from "./filter-error.js";

/** How long a filter may be, in UTF-16 units. */
export const MAX_LENGTH = 4096;

export interface Token extends Span {
  /** `word` is bare, `text` was in quotes. */
  readonly kind: "word" | "text" | "operator" | "(" | ")" | "," | "end";
  /** Of a text: without the quotes. Of an operator: in its one spelling, `=` for `==`. */
  readonly text: string;
}

/** Spellings of operators, the longer ones first; `&&`, `||` and `!` are the words that they stand for. */
const OPERATOR_SPELLINGS: readonly (readonly [string, string])[] = [
  ["==", "="],
  ["=~", "~"],
  ["!=", "!="],
  ["!~", "!~"],
  ["<=", "<="],
  [">=", ">="],
  ["=", "="],
  ["<", "<"],
  [">", ">"],
  ["~", "~"],
];
const WORD_SPELLINGS: readonly (readonly [string, string])[] = [
  ["&&", "and"],
  ["||", "or"],
  ["!", "not"],
];
const NOT_IN_WORDS = new Set("()\"',=!<>~&|");
const SPACE = /\s/;

/** The tokens of a filter, with one of kind `end` behind them. @throws FilterError */
export function tokenize(text: string): readonly Token[] {
  if (text.length > MAX_LENGTH) {
    const span = { start: MAX_LENGTH, end: text.length };
    throw new FilterError(span, "too long a filter", `write at most ${MAX_LENGTH} characters`);
  }
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    if (SPACE.test(text.charAt(at))) {
      at += 1;
      continue;
    }
    const token = tokenAt(text, at);
    tokens.push(token);
    at = token.end;
  }
  tokens.push({ kind: "end", text: "", start: text.length, end: text.length });
  return tokens;
}

/** Whether the character can be in a word: all but spaces, quotes and what operators are made of. */
export function isWordCharacter(character: string): boolean {
  return !NOT_IN_WORDS.has(character) && !SPACE.test(character);
}

function tokenAt(text: string, start: number): Token {
  const first = text.charAt(start);
  if (first === "(" || first === ")" || first === ",") {
    return { kind: first, text: first, start, end: start + 1 };
  }
  if (first === '"' || first === "'") return quotedAt(text, start, first);
  if (isWordCharacter(first)) return wordAt(text, start);
  return symbolAt(text, start);
}

function wordAt(text: string, start: number): Token {
  let end = start + 1;
  while (end < text.length && isWordCharacter(text.charAt(end))) end += 1;
  return { kind: "word", text: text.slice(start, end), start, end };
}

function symbolAt(text: string, start: number): Token {
  const operator = OPERATOR_SPELLINGS.find(([spelling]) => text.startsWith(spelling, start));
  if (operator !== undefined) {
    const [spelling, meaning] = operator;
    return { kind: "operator", text: meaning, start, end: start + spelling.length };
  }
  const word = WORD_SPELLINGS.find(([spelling]) => text.startsWith(spelling, start));
  if (word !== undefined) {
    const [spelling, meaning] = word;
    return { kind: "word", text: meaning, start, end: start + spelling.length };
  }
  const symbol = text.charAt(start);
  const span = { start, end: start + 1 };
  throw new FilterError(span, `${symbol}: no such operator`, `did you mean ${symbol}${symbol}?`);
}

/** A backslash takes a quote or another backslash as it stands; before anything else it is a character. */
function quotedAt(text: string, start: number, quote: string): Token {
  let content = "";
  for (let at = start + 1; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === quote) return { kind: "text", text: content, start, end: at + 1 };
    const next = text.charAt(at + 1);
    if (character === "\\" && (next === "\\" || next === '"' || next === "'")) {
      content += next;
      at += 1;
    } else {
      content += character;
    }
  }
  const span = { start, end: text.length };
  throw new FilterError(span, `${quoteBack(text.slice(start))}: its quote does not end`, `add a ${quote}`);
}
