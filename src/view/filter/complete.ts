import { FIELDS } from "./fields.js";
import { FilterError } from "./filter-error.js";
import { isWordCharacter } from "./lexer.js";
import { parseFilter } from "./parse.js";
import { SHORT_FORMS } from "./short-forms.js";

/** What can stand in place of the word before the cursor. */
export interface Completion {
  /** The part of the text that a candidate replaces, in UTF-16 units. */
  readonly start: number;
  readonly end: number;
  /** In the order of the columns; none where the text before makes no sense. */
  readonly candidates: readonly string[];
}

const AFTER_CONDITION: readonly string[] = [
  "and",
  "or",
  // A further condition can follow without a word, but is only suggested when it has been begun.
  ...FIELDS.map(({ name }) => name),
  ...SHORT_FORMS.map(({ name }) => name),
];

/** Completes the word that ends at the cursor: columns and short forms, operators, words for values, `and` and `or`. */
export function completeFilter(text: string, cursor: number): Completion {
  const end = Math.min(Math.max(0, cursor), text.length);
  let start = end;
  while (start > 0 && isWordCharacter(text.charAt(start - 1))) start -= 1;
  const begun = text.slice(start, end).toLowerCase();
  const possible = expectedAfter(text.slice(0, start), begun);
  const candidates = possible.filter((word) => word.toLowerCase().startsWith(begun));
  return { start, end, candidates: [...new Set(candidates)] };
}

/** The parser knows: what it misses at the end of the text before the word is what the word can be. */
function expectedAfter(before: string, begun: string): readonly string[] {
  try {
    parseFilter(before);
  } catch (error) {
    if (!(error instanceof FilterError)) throw error;
    return error.span.start === before.length ? error.expected : [];
  }
  return begun === "" ? ["and", "or"] : AFTER_CONDITION;
}
