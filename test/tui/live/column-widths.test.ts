import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ColumnWidths, KEPT_SNAPSHOTS } from "../../../src/tui/live/column-widths.js";

/** The widths of one column, snapshot after snapshot, by what its rows need. */
function widthsOf(needed: readonly number[], widths = new ColumnWidths()): readonly number[] {
  return needed.map((width) => widths.take(new Map([["comm", width]]), true).get("comm") ?? 0);
}

function times(count: number, width: number): readonly number[] {
  return new Array<number>(count).fill(width);
}

describe("a column", () => {
  test("grows at once", () => {
    expect(widthsOf([5, 7, 9])).toEqual([5, 7, 9]);
  });

  test("shrinks when for some snapshots nothing needed its width", () => {
    const before = times(KEPT_SNAPSHOTS - 1, 5);
    expect(widthsOf([9, ...before, 5])).toEqual([9, ...times(before.length, 9), 5]);
  });

  test("keeps a width that is needed now and then", () => {
    const now = [9, ...times(KEPT_SNAPSHOTS - 1, 5)];
    expect(widthsOf([...now, ...now, ...now])).toEqual(times(3 * now.length, 9));
  });

  test("shrinks to what was needed meanwhile", () => {
    expect(widthsOf([9, 5, 7, ...times(KEPT_SNAPSHOTS - 2, 5)]).at(-1)).toBe(7);
  });

  test("shrinks with no row that is scrolled to, but grows with it", () => {
    const widths = new ColumnWidths();
    widthsOf([9], widths);
    for (const _ of times(3 * KEPT_SNAPSHOTS, 0))
      expect(widths.take(new Map([["comm", 5]]), false).get("comm")).toBe(9);
    expect(widths.take(new Map([["comm", 12]]), false).get("comm")).toBe(12);
  });

  test("is as it is needed in another table", () => {
    const widths = new ColumnWidths();
    widthsOf([9], widths);
    widths.forget();
    expect(widthsOf([5], widths)).toEqual([5]);
  });

  test("never cuts what it shows, and is never wider than anything lately was", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 100 }), (needed) => {
        for (const [index, width] of widthsOf(needed).entries()) {
          expect(width).toBeGreaterThanOrEqual(needed[index] ?? 0);
          const lately = needed.slice(Math.max(0, index - 2 * KEPT_SNAPSHOTS), index + 1);
          expect(width).toBeLessThanOrEqual(Math.max(...lately));
        }
      }),
    );
  });
});

test("columns that are no more there are forgotten", () => {
  const widths = new ColumnWidths();
  widths.take(new Map([["comm", 9]]), true);
  widths.take(new Map([["pid", 9]]), true);
  expect([...widths.take(new Map([["comm", 5]]), true)]).toEqual([["comm", 5]]);
});
