import { findColumn } from "../../model/columns.js";
import { firstListed, isAmong } from "../live/menu.js";
import { shownColumns } from "../live/settings.js";
import { type LiveState, type Menu, visibleRows } from "../live/state.js";
import { type Line, line, type Span, span } from "./line.js";
import { shownOnScreen } from "./table.js";

/** The longest title. */
const TITLE_WIDTH = 9;
const TITLES: Readonly<Record<Menu["menu"], string>> = {
  sort: " Sort by",
  columns: " Columns; * is shown, - has no room",
};

/** The columns to choose from, so many as fit, the chosen among them. */
export function menuLines(state: LiveState, overlay: Menu): readonly Line[] {
  const { menu, listed, index, typed } = overlay;
  const { sort } = state.settings;
  const shown = shownColumns(state.settings);
  const onScreen = shownOnScreen(state);
  const top = firstListed(state, overlay);
  const entries = listed.slice(top, top + visibleRows(state.size)).map((column, at) => {
    const isChosen = menu === "sort" ? sort?.column === column.sortedBy : isAmong(shown, column);
    const isShown = menu === "sort" || isAmong(onScreen, column);
    const mark = markOf(isChosen, isShown);
    const words = [span(` ${mark} ${column.title.padEnd(TITLE_WIDTH)} `), aboutColumn(column.sortedBy)];
    return line(words, "plain", top + at === index ? "selected" : null);
  });
  const find = typed === "" ? span("  type a name to find it", "title") : span(`  ${typed}`, "prompt");
  return [line([span(TITLES[menu], "title"), find], "title"), ...entries];
}

function markOf(isChosen: boolean, isShown: boolean): string {
  if (!isChosen) return " ";
  return isShown ? "*" : "-";
}

/** Its documentation: what a title of four letters means. */
function aboutColumn(name: string): Span {
  return span((findColumn(name)?.doc ?? name).replaceAll("`", ""), "dim");
}
