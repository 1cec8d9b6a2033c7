import { expect, test } from "vitest";
import { textWidth } from "../../../src/model/text-width.js";
import { roundTripLines, trafficLines } from "../../../src/tui/draw/charts.js";
import type { Line } from "../../../src/tui/draw/line.js";
import type { Moment } from "../../../src/tui/live/history.js";

const moment = (changes: Partial<Moment>): Moment => ({
  txRate: null,
  rxRate: null,
  rttUs: null,
  ...changes,
});
const textOf = ({ spans }: Line) => spans.map(({ text }) => text).join("");
const stylesOf = ({ spans }: Line) => spans.map(({ style }) => style);

test("what came in grows up, what went out grows down, in two colours, with their names at the right", () => {
  const past = [moment({ txRate: 1_000_000, rxRate: 2_000_000 }), moment({ txRate: 2_000_000, rxRate: 0 })];
  const lines = trafficLines(past, { columns: 10, rows: 2 }, "braille");
  expect(lines.map(textOf)).toEqual([" ⣇ rx     ", " ⢻ tx     "]);
  expect(lines.map(stylesOf)).toEqual([
    ["rx", "rx"],
    ["tx", "tx"],
  ]);
});

test("the scale is at its right where there is a line for it", () => {
  const lines = trafficLines([moment({ txRate: 4e7, rxRate: 0 })], { columns: 9, rows: 4 }, "braille");
  expect(lines.map(textOf)).toEqual(
    ["  50MB/s ", "⢀ rx     ", "⢸ tx     ", "⢠ 50MB/s "].map((text) =>
      expect.stringContaining(text.slice(1).trimEnd()),
    ),
  );
});

test("in ASCII where there is no braille", () => {
  const lines = roundTripLines([moment({ rttUs: 500 })], { columns: 15, rows: 1 }, "ascii");
  expect(lines.map(textOf)).toEqual(["      # 500us  "]);
});

test("as wide as it was asked for, whatever is known", () => {
  for (const past of [[], [moment({})], new Array<Moment>(500).fill(moment({ txRate: 1e12, rxRate: 3 }))]) {
    const lines = trafficLines(past, { columns: 40, rows: 4 }, "braille");
    expect(lines.map((line) => textWidth(textOf(line)))).toEqual([40, 40, 40, 40]);
  }
});
