import fc from "fast-check";
import { expect, test } from "vitest";
import { SCREEN_COLUMNS } from "../../src/model/screen-columns.js";
import { COLUMN_GAP, type PlacedColumn, placeColumns } from "../../src/model/screen-layout.js";

const NATURAL = SCREEN_COLUMNS.map(({ maxWidth }) => Math.min(maxWidth ?? 6, 30));

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
  const placed = placeColumns(SCREEN_COLUMNS, NATURAL, 50);
  expect(placed.map(({ column, width }) => [column.title, width])).toEqual([
    ["PID", 6],
    ["COMM", 10],
    ["REMOTE", 18],
    ["TX/s", 6],
    ["RX/s", 6],
  ]);
  expect(totalWidth(placed)).toBe(50);
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
