// Any user of the host can put an escape sequence in a process's name (prctl PR_SET_NAME), and a recording can
// come from anywhere: text from outside passes here once, before any sink sees it.

const PLAIN_ASCII = /^[\x20-\x7e]*$/;

/**
 * What moves a cursor, breaks a line, turns the reading direction, or is no character at all: C0, C1 and DEL (Cc),
 * U+2028 and U+2029 (Zl, Zp: many readers of lines split at them), bidi controls (the "Trojan Source" ones),
 * surrogates without their half (Cs).
 */
const HARMFUL = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Cs}]/gu;

/** Text from outside without the characters that a terminal, or a reader of lines, would obey. */
export function harmless(text: string): string {
  return PLAIN_ASCII.test(text) ? text : text.replace(HARMFUL, "");
}
