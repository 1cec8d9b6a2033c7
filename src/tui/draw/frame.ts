import type { LiveState } from "../live/state.js";
import { footerOf } from "./footer.js";
import { headerOf } from "./header.js";
import { clipSpans, EMPTY_LINE, type Line, line } from "./line.js";
import { menuLines } from "./menu.js";
import { shownPage } from "./page.js";
import { tableLines } from "./table.js";

/** The whole screen, from the top: as many lines as it has. Pure: the same state gives the same lines. */
export function frameOf(state: LiveState): readonly Line[] {
  const { columns, rows } = state.size;
  const footer = footerOf(state).slice(0, rows);
  const room = rows - footer.length;
  const above = [...headerOf(state), ...bodyOf(state)].slice(0, room);
  const missing = new Array<Line>(room - above.length).fill(EMPTY_LINE);
  return [...above, ...missing, ...footer].map((one) =>
    line(clipSpans(one.spans, columns), one.fill, one.over),
  );
}

function bodyOf(state: LiveState): readonly Line[] {
  const { overlay } = state;
  switch (overlay.kind) {
    case "help":
    case "detail":
      return shownPage(state, overlay);
    case "menu":
      return menuLines(state, overlay);
    case "confirm-kill":
      return overlay.over === null ? tableLines(state) : shownPage(state, overlay.over);
    default:
      return tableLines(state);
  }
}
