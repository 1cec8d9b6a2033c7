import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { OpenRows } from "../../src/engine/open-rows.js";
import { createRow } from "../../src/engine/row.js";
import { readingAt } from "./example-samples.js";

function rowsOf(cookies: readonly number[]) {
  const open = new OpenRows();
  const rows = new Map(cookies.map((cookie) => [cookie, createRow(readingAt(1, { cookie }), "values", 1)]));
  for (const row of rows.values()) open.add(row);
  return { open, rows };
}

describe("OpenRows", () => {
  it("finds the right row whatever the order, the gaps and the repetitions of the walks", () => {
    const cookie = fc.integer({ min: 1, max: 8 });
    const walk = fc.record({ met: fc.array(cookie, { maxLength: 12 }), removed: fc.option(cookie) });
    fc.assert(
      fc.property(fc.array(walk, { maxLength: 8 }), (walks) => {
        const { open, rows } = rowsOf([1, 2, 3, 4, 5, 6]);
        for (const { met, removed } of walks) {
          open.beginWalk();
          expect(met.map((one) => open.follow(one))).toEqual(met.map((one) => rows.get(one)));
          open.beginList();
          expect(met.map((one) => open.seek(one))).toEqual(met.map((one) => rows.get(one)));
          const row = removed === null ? undefined : rows.get(removed);
          if (row !== undefined) open.remove(row);
          rows.delete(removed ?? 0);
          expect(open.size).toBe(rows.size);
        }
      }),
    );
  });

  it("does not take a row out for one that has its cookie since", () => {
    const { open, rows } = rowsOf([1]);
    const [first] = rows.values();
    const second = createRow(readingAt(2, { cookie: 1, incarnation: 1 }), "values", 2);
    if (first === undefined) throw new Error("no row");
    open.remove(first);
    open.add(second);
    open.remove(first);
    expect(open.get(1)).toBe(second);
    expect([...open]).toEqual([second]);
  });
});
