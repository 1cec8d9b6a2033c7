import { harmless } from "../../model/text.js";

const WHITE_SPACE = /[\t\n\v\f\r]/g;
/** What is left of a character that the end of the buffer cut. */
const CUT_CHARACTER = /\ufffd$/;

/**
 * Arguments, each ended by a NUL, as one line. A process can write anything there (setproctitle() leaves NULs behind, or
 * spaces): null when nothing is left. Text from outside, made harmless here, since it is kept.
 */
export function commandLine(bytes: Buffer): string | null {
  const text = bytes.toString("utf8").replace(CUT_CHARACTER, "");
  const spaced = text.replaceAll("\0", " ").replace(WHITE_SPACE, " ");
  const line = harmless(spaced).trim();
  return line === "" ? null : line;
}
