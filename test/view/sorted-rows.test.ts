import fc from "fast-check";
import { expect, test } from "vitest";
import { type Order, SortedRows } from "../../src/view/sorted-rows.js";

interface Row {
  readonly id: number;
  readonly value: number | string | null;
}

const BY_VALUE: Order<Row> = { value: ({ value }) => value, direction: "desc" };
const byId = (a: Row, b: Row) => a.id - b.id;

function sortedRows(rows: readonly Row[]): SortedRows<Row> {
  return new SortedRows(rows, [BY_VALUE], byId);
}

/** More than are sorted for the first screens, so that some are left out: with many equals. */
const manyRows = fc
  .array(fc.oneof(fc.nat({ max: 50 }), fc.constant(null)), { minLength: 0, maxLength: 60 })
  .chain((values) => fc.constantFrom(1, 100, 200).map((times) => Array(times).fill(values).flat()))
  .map((values) => values.map((value, id): Row => ({ id, value })));

const window = fc.tuple(fc.nat({ max: 12_500 }), fc.nat({ max: 700 }));

test("any part, in whatever order parts are asked for, is that part of all", () => {
  fc.assert(
    fc.property(manyRows, fc.array(window, { maxLength: 4 }), (rows, windows) => {
      const all = sortedRows(rows).all();
      const sorted = sortedRows(rows);
      for (const [from, count] of windows)
        expect(sorted.slice(from, from + count)).toEqual(all.slice(from, from + count));
    }),
  );
});

test("the first of rows that come in the worst order", () => {
  const rows = Array.from({ length: 10_000 }, (_, id) => ({ id, value: id }));
  expect(sortedRows(rows).slice(0, 3)).toEqual([9999, 9998, 9997].map((id) => ({ id, value: id })));
  expect(sortedRows(rows.toReversed()).slice(498, 501)).toEqual(
    [9501, 9500, 9499].map((id) => ({ id, value: id })),
  );
});

test("the place of a row is where it stands among all", () => {
  fc.assert(
    fc.property(manyRows, fc.nat({ max: 100 }), (rows, wanted) => {
      const sorted = sortedRows(rows);
      const isWanted = ({ id }: Row) => id === wanted;
      const place = sorted.all().findIndex(isWanted);
      expect(sortedRows(rows).indexOf(isWanted)).toBe(place < 0 ? null : place);
      expect(sortedRows(rows).find(isWanted)).toEqual(rows[wanted] ?? null);
    }),
  );
});

test("rows that are equal in everything keep their order", () => {
  const rows = Array.from({ length: 3000 }, () => ({ id: 1, value: 1 }));
  const sorted = sortedRows(rows).slice(1000, 1100);
  expect(sorted.every((row, index) => row === rows[1000 + index])).toBe(true);
});
