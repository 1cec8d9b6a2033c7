import { menuColumns } from "../live/menu.js";
import type { LiveState } from "../live/state.js";
import { detailLines } from "./detail.js";
import { footerOf } from "./footer.js";
import { headerOf } from "./header.js";
import { helpLines } from "./help.js";
import { clipSpans, EMPTY_LINE, type Line, line, span } from "./line.js";
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
      return page(helpLines(state.keys.table), overlay.top, state);
    case "detail":
      return page(detailLines(state, overlay), overlay.top, state);
    case "menu":
      return menuLines(state, overlay);
    default:
      return tableLines(state);
  }
}

/** What of a page is on the screen: its end is never above the last line. */
function page(lines: readonly Line[], top: number, { size }: LiveState): readonly Line[] {
  const last = Math.max(0, lines.length - (size.rows - 2));
  return lines.slice(Math.min(top, last));
}

/** The longest title. */
const MENU_TITLE = 9;

type Menu = Extract<LiveState["overlay"], { kind: "menu" }>;

function menuLines(state: LiveState, { menu, index }: Menu): readonly Line[] {
  const { columns, sort } = state.settings;
  const entries = menuColumns(state, menu).map((column, at) => {
    const isMarked = menu === "sort" ? sort?.column === column.sortedBy : columns.includes(column);
    const isSelected = at === index;
    const name = span(` ${isMarked ? "*" : " "} ${column.title.padEnd(MENU_TITLE)} `);
    return line([name, span(column.sortedBy, "dim")], "plain", isSelected ? "selected" : null);
  });
  const title = menu === "sort" ? " Sort by" : " Columns, from left to right";
  return [line([span(title, "title")], "title"), ...entries];
}
