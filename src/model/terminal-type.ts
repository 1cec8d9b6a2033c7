/**
 * What stands for no terminal in particular, or for one that only prints: it has none of the sequences that move a cursor.
 * Terminfo calls them generic.
 */
const PRINTS_ONLY = /^(?:dumb|unknown|network|dialup)$/;

/** Whether a terminal of this type (TERM) can be drawn on; not where none is given, which `env -i` and cron do. */
export function canDraw(terminalType: string | undefined): boolean {
  return terminalType !== undefined && terminalType !== "" && !PRINTS_ONLY.test(terminalType);
}
