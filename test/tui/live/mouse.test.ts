import { describe, expect, test } from "vitest";
import { LIVE_COLUMNS } from "../../../src/model/screen-columns.js";
import { frameOf } from "../../../src/tui/draw/frame.js";
import { KEY_TABLE, KeyBindings } from "../../../src/tui/live/key-table.js";
import { click, wheel } from "../../../src/tui/live/mouse.js";
import { type LiveState, linesAbove, visibleRows } from "../../../src/tui/live/state.js";
import type { Step } from "../../../src/tui/live/step.js";
import { exampleState, named, pressed, selectedKeyOf, snapshotOf, typing } from "./example-state.js";

function textLines(state: LiveState): readonly string[] {
  return frameOf(state).map(({ spans }) => spans.map(({ text }) => text).join(""));
}

/** A click on the title, as it stands on the screen. */
function clickTitle(state: LiveState, title: string): LiveState {
  const y = linesAbove(state.size) - 1;
  return click(state, (textLines(state)[y] ?? "").indexOf(title), y).state;
}

test.each([
  ["a flat table", [], "1"],
  ["groups", ["t"], "group number 1"],
] as const)("a click on a title of %s sorts, and another the other way round", (_, keys, first) => {
  const state = pressed(
    exampleState(snapshotOf({ id: "1", pid: 1, rxRate: 9 }, { id: "2", pid: 2, rxRate: 1 })),
    ...keys,
  ).state;
  const sorted = clickTitle(state, "RX/s");
  expect(sorted.settings.sort).toEqual({ column: "rx_rate", direction: "desc" });
  expect(sorted.rows.at(0)?.key).toBe(first);
  expect(clickTitle(sorted, "RX/s").rows.at(0)?.key).not.toBe(first);
});

test("a click chooses a row, and looks closer at the chosen one", () => {
  const state = exampleState(named("1", "2", "3"));
  const y = linesAbove(state.size) + 1;
  const chosen = click(state, 5, y).state;
  expect(selectedKeyOf(chosen)).toBe("2");
  expect(click(chosen, 5, y).state.overlay).toMatchObject({ kind: "detail", key: "2" });
  expect(click(state, 5, state.size.rows - 2).state).toBe(state);
});

describe("the wheel", () => {
  // Whatever keys the user has given to what moves.
  const keys = new KeyBindings(
    new Map([
      ["up", ["i"]],
      ["down", ["u"]],
    ]),
  );

  test("goes through rows", () => {
    const state = exampleState(named("1", "2", "3", "4", "5"), { keys });
    expect(selectedKeyOf(wheel(state, 1).state)).toBe("4");
    expect(selectedKeyOf(wheel(wheel(state, 1).state, -1).state)).toBe("1");
  });

  test.each([
    ["help", "?", { kind: "help" }],
    ["a connection", "enter", { kind: "detail" }],
  ])("scrolls the page of %s, no further than it goes", (_, key, page) => {
    const state = pressed(exampleState(named("1"), { keys, size: { columns: 80, rows: 10 } }), key).state;
    const down = wheel(state, 1).state;
    expect(down.overlay).toMatchObject({ ...page, top: 3 });
    expect(wheel(down, -1).state.overlay).toMatchObject({ ...page, top: 0 });
    expect(wheel(state, -1).state.overlay).toMatchObject({ ...page, top: 0 });
    const end = Array.from({ length: 100 }).reduce<LiveState>((before) => wheel(before, 1).state, state);
    expect(textLines(end)).toEqual(textLines(pressed(state, "end").state));
  });

  test("scrolls a menu, which stands at a column on the screen", () => {
    const state = pressed(exampleState(named("1"), { keys }), "c").state;
    const down = wheel(state, 1).state;
    expect(textLines(down)[linesAbove(state.size)]).toContain(LIVE_COLUMNS[3]?.title);
    expect(down.overlay).toMatchObject({ top: 3, index: 3 });
    expect(wheel(wheel(down, -1).state, -1).state.overlay).toMatchObject({ top: 0, index: 3 });
    const end = Array.from({ length: 100 }).reduce<LiveState>((before) => wheel(before, 1).state, state);
    expect(textLines(end)).toEqual(
      textLines(pressed(state, "end", ...new Array<string>(visibleRows(state.size) - 1).fill("up")).state),
    );
  });

  test("does nothing while something is asked", () => {
    const asked = pressed(exampleState(named("1"), { canKill: true }), "K").state;
    expect(wheel(asked, 1).state).toBe(asked);
    const typed = pressed(exampleState(named("1", "2")), "/").state;
    expect(wheel(typed, 1).state).toBe(typed);
  });
});

/** A click on the line of a menu that has this column. */
function clickColumn(state: LiveState, title: string): LiveState {
  const y = textLines(state).findIndex((text) => text.slice(3).startsWith(`${title} `));
  return click(state, 4, y).state;
}

describe("a click in a menu", () => {
  test("sorts by the column, and by the same the other way round", () => {
    const state = exampleState(named("1"));
    const sorted = clickColumn(pressed(state, "s").state, "RX/s");
    expect(sorted.overlay).toEqual({ kind: "none" });
    expect(sorted.settings.sort).toEqual({ column: "rx_rate", direction: "desc" });
    const reversed = clickColumn(pressed(sorted, "s").state, "RX/s");
    expect(reversed.settings.sort).toEqual({ column: "rx_rate", direction: "asc" });
  });

  test("hides the column, and another shows it again, both in the place where it is", () => {
    const menu = pressed(exampleState(named("1")), "c").state;
    const hidden = clickColumn(menu, "REMOTE");
    expect(hidden.settings.columns.map(({ title }) => title)).not.toContain("REMOTE");
    const y = (state: LiveState) => textLines(state).findIndex((text) => text.includes(" REMOTE "));
    expect(y(hidden)).toBe(y(menu));
    const shown = clickColumn(hidden, "REMOTE");
    expect(shown.settings.columns.map(({ title }) => title)).toEqual(LIVE_COLUMNS.map(({ title }) => title));
    expect(shown.overlay).toMatchObject({ kind: "menu", menu: "columns" });
  });

  test("does not scroll it", () => {
    const menu = wheel(pressed(exampleState(named("1")), "c").state, 1).state;
    const clicked = click(menu, 4, menu.size.rows - 2).state;
    const titlesOf = (state: LiveState) => textLines(state).map((text) => text.slice(2, 12));
    expect(titlesOf(clicked).slice(linesAbove(menu.size))).toEqual(
      titlesOf(menu).slice(linesAbove(menu.size)),
    );
    expect(clicked.settings.columns.length).toBe(LIVE_COLUMNS.length + 1);
  });

  test("on its title does nothing, and beside it closes it", () => {
    const size = { columns: 80, rows: 60 };
    const menu = pressed(exampleState(named("1"), { size }), "c").state;
    expect(click(menu, 3, linesAbove(size) - 1).state).toBe(menu);
    for (const y of [0, linesAbove(size) - 2, size.rows - 2]) {
      const { overlay, settings } = click(menu, 3, y).state;
      expect([overlay, settings]).toEqual([{ kind: "none" }, menu.settings]);
    }
  });
});

/** A click on a word of the last line. */
function clickHint(state: LiveState, word: string): Step {
  const x = (textLines(state).at(-1) ?? "").indexOf(word);
  expect(x).toBeGreaterThanOrEqual(0);
  return click(state, x, state.size.rows - 1);
}

describe("a click on a hint in the last line does what its key does", () => {
  const wide = { size: { columns: 160, rows: 24 } };

  test.each(KEY_TABLE.filter(({ label }) => label !== null))("$label", ({ label, keys: [key] }) => {
    const state = exampleState(named("1", "2"), wide);
    expect(clickHint(state, label ?? "")).toEqual(pressed(state, key ?? ""));
  });

  test.each([
    ["help", ["?"], "Back", "q"],
    ["a page", ["enter"], "Pause", "p"],
    ["a page", ["enter"], "Filter for it", "y"],
    ["a page", ["enter"], "Close it", "K"],
    ["a page", ["enter"], "Back", "q"],
    ["a menu", ["c"], "Show or hide", "space"],
    ["a menu", ["s", "down"], "Sort", "enter"],
    ["a menu in which was typed", ["s", ...typing("rt")], "Clear", "escape"],
  ] as const)("of %s", (_, keys, word, key) => {
    const state = pressed(exampleState(named("1"), { ...wide, canKill: true }), ...keys).state;
    expect(clickHint(state, word)).toEqual(pressed(state, key));
  });

  test("with the keys that the user has chosen", () => {
    const keys = new KeyBindings(new Map([["quit", ["x"]]]));
    const state = pressed(exampleState(named("1"), { keys }), "?").state;
    expect(textLines(state).at(-1)).toContain("x Back");
    expect(clickHint(state, "Back").state.overlay).toEqual({ kind: "none" });
  });

  test("but for those of two keys, and between them", () => {
    const page = pressed(exampleState(named("1")), "enter").state;
    expect(clickHint(page, "Scroll").state).toBe(page);
    expect(clickHint(page, "  p").state).toBe(page);
    const menu = pressed(exampleState(named("1")), "c").state;
    expect(clickHint(menu, "Move").state).toBe(menu);
  });
});

test("a click on what is said in many lines takes that away, and no row that it hides", () => {
  const state = {
    ...exampleState(named(..."123456789")),
    notice: "word ".repeat(100),
    size: { columns: 20, rows: 12 },
  };
  const { state: after } = click(state, 3, state.size.rows - 3);
  expect([after.notice, after.selectedKey]).toEqual([null, null]);
});

test("no click closes a connection: it is an answer like any other key", () => {
  const asked = pressed(exampleState(named("1"), { canKill: true }), "K").state;
  for (const y of [5, asked.size.rows - 1]) {
    const { state, effect } = click(asked, 0, y);
    expect([state.notice, state.overlay, effect]).toEqual(["nothing was closed", { kind: "none" }, null]);
  }
});
