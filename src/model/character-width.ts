import stringWidth from "string-width";

/** Columns that a character takes: 0 for a mark, which joins the character before it; null for what is not shown. */
export type CharacterWidth = 0 | 1 | 2 | null;

const MARK = /^[\p{Nonspacing_Mark}\p{Enclosing_Mark}]$/u;
/** Variation selectors, joiners, fillers, tags: nothing to see, and terminals differ in what they make of them. */
const IGNORABLE = /^[\p{Default_Ignorable_Code_Point}\p{Emoji_Modifier}]$/u;
const UNSEEN = /^[\p{Control}\p{Format}\p{Surrogate}\p{Line_Separator}\p{Paragraph_Separator}]$/u;

/** Names from outside can bring any character there is: what is remembered of them has a limit. */
const MAX_REMEMBERED = 8192;
const remembered = new Map<number, CharacterWidth>();

/**
 * Columns of one code point.
 *
 * Of code points, not of clusters: whether emoji, flags or conjuncts are joined into one character is each terminal's own
 * affair. Without the joiners, which are not shown, hardly any terminal does.
 */
export function characterWidth(codePoint: number): CharacterWidth {
  if (codePoint >= 0x20 && codePoint < 0x7f) return 1;
  const known = remembered.get(codePoint);
  if (known !== undefined) return known;
  const width = measure(String.fromCodePoint(codePoint));
  if (remembered.size >= MAX_REMEMBERED) remembered.clear();
  remembered.set(codePoint, width);
  return width;
}

function measure(character: string): CharacterWidth {
  if (UNSEEN.test(character) || IGNORABLE.test(character)) return null;
  if (MARK.test(character)) return 0;
  return stringWidth(character) === 2 ? 2 : 1;
}
