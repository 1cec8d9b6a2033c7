import { textWidth } from "../../model/text-width.js";

/** Columns that a character takes: 0 for a mark, which joins the character before it; null for what is not shown. */
export type CharacterWidth = 0 | 1 | 2 | null;

const MARK = /^[\p{Nonspacing_Mark}\p{Enclosing_Mark}]$/u;
/** Variation selectors, joiners, fillers, tags: nothing to see, and terminals differ in what they make of them. */
const IGNORABLE = /^[\p{Default_Ignorable_Code_Point}\p{Emoji_Modifier}]$/u;
const UNSEEN = /^[\p{Control}\p{Format}\p{Surrogate}\p{Line_Separator}\p{Paragraph_Separator}]$/u;

/** Pairs of first and last: characters about whose width terminals agree. */
const AGREED = [
  ...[0x20, 0x2ff, 0x370, 0x52f, 0x2010, 0x2027, 0x2190, 0x2193, 0x2500, 0x25fc, 0x2800, 0x28ff],
  ...[0x3041, 0x3096, 0x30a1, 0x30ff, 0x4e00, 0x9fff, 0xac00, 0xd7a3, 0xff01, 0xff60],
];

/** Names from outside can bring any character there is: what is remembered of them has a limit. */
const MAX_REMEMBERED = 8192;
const remembered = new Map<number, CharacterWidth>();

/**
 * Columns of one code point.
 *
 * Of code points, not of clusters as `textWidth` has them: whether emoji, flags or conjuncts are joined into one
 * character is each terminal's own affair. Without the joiners, which are not shown, hardly any terminal does.
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

/** Columns that a text takes on a Screen. */
export function shownWidth(text: string): number {
  let columns = 0;
  for (const character of text.normalize("NFC"))
    columns += characterWidth(character.codePointAt(0) ?? 0) ?? 0;
  return columns;
}

/** Whether every terminal gives it as many columns as `characterWidth`. */
export function isWidthAgreed(codePoint: number): boolean {
  if (codePoint < 0x300) return true;
  for (let pair = 0; pair < AGREED.length; pair += 2) {
    if (codePoint >= (AGREED[pair] ?? 0) && codePoint <= (AGREED[pair + 1] ?? 0)) return true;
  }
  return false;
}

function measure(character: string): CharacterWidth {
  if (UNSEEN.test(character) || IGNORABLE.test(character)) return null;
  if (MARK.test(character)) return 0;
  return textWidth(character) === 2 ? 2 : 1;
}
