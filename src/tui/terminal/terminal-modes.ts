/** Presses, releases and the wheel (1000), by numbers of any size (1006). */
const MOUSE_ON = "\x1b[?1000h\x1b[?1006h";
const MOUSE_OFF = "\x1b[?1006l\x1b[?1000l";

/** CAN: ends whatever sequence is unfinished. */
const CANCEL = "\x18";

/**
 * Alternate screen (1049), blank, plain and in UTF-8's or ASCII's own characters; no cursor (25), no wrapping (7), pasted
 * texts in brackets (2004). Wrapping is off for terminals that take a character for wider than it is drawn.
 */
const ENTER = "\x1b[?1049h\x1b[m\x1b(B\x0f\x1b[2J\x1b[?25l\x1b[?7l\x1b[?2004h";
/** All of it back, also synchronized output (2026), in which the end may have come. */
const LEAVE = "\x1b[?2026l\x1b[m\x1b[?2004l\x1b[?7h\x1b[?25h\x1b[?1049l";

/** What to send to a terminal that is taken. */
export function enteringSequence(hasMouse: boolean): string {
  return ENTER + mouseSequence(hasMouse);
}

/** What to send to a terminal that is given back, possibly in the middle of a frame. */
export function leavingSequence(isCut: boolean): string {
  return (isCut ? CANCEL : "") + MOUSE_OFF + LEAVE;
}

export function mouseSequence(hasMouse: boolean): string {
  return hasMouse ? MOUSE_ON : MOUSE_OFF;
}
