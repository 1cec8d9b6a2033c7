import fc from "fast-check";
import { expect, test } from "vitest";
import { SCREEN_COLUMNS } from "../../src/model/screen-columns.js";
import { COLUMN_GAP, type PlacedColumn, placeColumns } from "../../src/model/screen-layout.js";

const NATURAL = SCREEN_COLUMNS.map(({ maxWidth, usualWidth }) => Math.min(maxWidth ?? usualWidth, 30));

function totalWidth(placed: readonly PlacedColumn[]): number {
  return placed.reduce((sum, { width }) => sum + COLUMN_GAP + width, -COLUMN_GAP);
}

test("without a limit every column has the width of its content, up to its maximum", () => {
  const placed = placeColumns(
    SCREEN_COLUMNS,
    SCREEN_COLUMNS.map(() => 100),
    null,
  );
  expect(placed.map(({ column, width }) => [column.title, width])).toEqual(
    SCREEN_COLUMNS.map(({ title, maxWidth }) => [title, maxWidth ?? 100]),
  );
});

test("where room is scarce the least important go, and what is left goes to the most important text", () => {
  const placed = placeColumns(SCREEN_COLUMNS, NATURAL, 58);
  expect(placed.map(({ column, width }) => [column.title, width])).toEqual([
    ["PID", 6],
    ["COMM", 17],
    ["REMOTE", 21],
    ["TX/s", 5],
    ["RX/s", 5],
  ]);
  expect(totalWidth(placed)).toBe(58);
});

test("what a row is about is cut before it goes, and of nothing else is there any then", () => {
  const placed = placeColumns(SCREEN_COLUMNS, NATURAL, 40);
  expect(placed.map(({ column, width }) => [column.title, width])).toEqual([
    ["COMM", 10],
    ["REMOTE", 17],
    ["TX/s", 5],
    ["RX/s", 5],
  ]);
});

test("no column is cut below what it usually needs for one that matters less", () => {
  for (let width = 60; width < 200; width++) {
    const [comm, remote] = ["COMM", "REMOTE"].map((title) =>
      placeColumns(SCREEN_COLUMNS, NATURAL, width).find(({ column }) => column.title === title),
    );
    expect([comm?.width, remote?.width]).toEqual([expect.any(Number), expect.any(Number)]);
    expect(comm?.width).toBeGreaterThanOrEqual(15);
    expect(remote?.width).toBeGreaterThanOrEqual(21);
  }
});

test("the most important column stays even where it does not fit", () => {
  expect(placeColumns(SCREEN_COLUMNS, NATURAL, 4).map(({ column }) => column.title)).toEqual(["COMM"]);
});

test("no line is wider than asked, and no number is cut", () => {
  const contents = fc.array(fc.integer({ min: 3, max: 60 }), { minLength: 12, maxLength: 12 });
  fc.assert(
    fc.property(contents, fc.integer({ min: 60, max: 300 }), (contentWidths, width) => {
      const placed = placeColumns(SCREEN_COLUMNS, contentWidths, width);
      expect(totalWidth(placed)).toBeLessThanOrEqual(width);
      const numbers = placed.filter(({ column }) => column.minWidth === null);
      expect(numbers.map((one) => one.width)).toEqual(
        numbers.map(({ column }) => contentWidths[SCREEN_COLUMNS.indexOf(column)]),
      );
    }),
  );
});
