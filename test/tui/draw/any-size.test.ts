import { expect, test } from "vitest";
import { textWidth } from "../../../src/model/text-width.js";
import { frameOf } from "../../../src/tui/draw/frame.js";
import { click, wheel } from "../../../src/tui/live/mouse.js";
import { exampleState, named, pressed } from "../live/example-state.js";

const SIZES = [1, 5, 12, 22, 40].flatMap((columns) => [1, 2, 7, 13].map((rows) => ({ columns, rows })));

test.each([
  ["the table", []],
  ["groups", ["t", "enter"]],
  ["the menu of columns", ["c"]],
  ["the menu to sort by", ["s"]],
  ["the help", ["?"]],
  ["a filter", ["f", "r", "t", "t", ">"]],
  ["a search", ["/", "z"]],
  ["the interval", ["d", "x", "enter"]],
  ["a connection", ["enter"]],
  ["what K asks", ["K"]],
  ["what K asks of a connection", ["enter", "K"]],
  ["what y says", ["y"]],
] as const)("%s is drawn and clicked in any size", (_, keys) => {
  for (const size of SIZES) {
    const state = pressed(exampleState(named("1", "2"), { size, canKill: true }), ...keys).state;
    for (let y = 0; y < size.rows; y++) expect(frameOf(click(state, 0, y).state)).toHaveLength(size.rows);
    for (const direction of [1, -1] as const) {
      const frame = frameOf(wheel(state, direction).state);
      const texts = frame.map(({ spans }) => spans.map(({ text }) => text).join(""));
      expect(Math.max(...texts.map(textWidth))).toBeLessThanOrEqual(size.columns);
    }
  }
});
