import { expect, test } from "vitest";
import { frameOf } from "../../../src/tui/draw/frame.js";
import { click, wheel } from "../../../src/tui/live/mouse.js";
import { type LiveState, linesAbove } from "../../../src/tui/live/state.js";
import { exampleState, named, pressed, selectedKeyOf, snapshotOf } from "./example-state.js";

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
  expect(click(state, 5, state.size.rows - 1).state).toBe(state);
});

test("the wheel goes through rows, and scrolls a page", () => {
  const state = exampleState(named("1", "2", "3", "4", "5"));
  expect(selectedKeyOf(wheel(state, 1).state)).toBe("4");
  expect(wheel(pressed(state, "?").state, 1).state.overlay).toMatchObject({ kind: "help", top: 1 });
});
