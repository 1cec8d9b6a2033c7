import { expect, test } from "vitest";
import { emptySnapshot } from "../../../src/model/snapshot.js";
import { frameOf } from "../../../src/tui/draw/frame.js";
import { tableLines } from "../../../src/tui/draw/table.js";
import { DEFAULT_SETTINGS } from "../../../src/tui/live/settings.js";
import type { LiveState } from "../../../src/tui/live/state.js";
import { exampleState, named, snapshotOf } from "../live/example-state.js";

test("a group goes on below the screen: its last row there has not the mark of the last", () => {
  const settings = { ...DEFAULT_SETTINGS, groupBy: "process", openGroups: new Set([1234]) } as const;
  const ids = Array.from({ length: 6 }, (_, index) => `${index + 1}`);
  const marks = (rows: number) =>
    tableLines(exampleState(named(...ids), { size: { columns: 80, rows }, settings }))
      .map(({ spans }) => spans[0]?.text)
      .filter((text) => text === "│ " || text === "└ ");
  expect(marks(9).at(-1)).toBe("│ ");
  expect(marks(24)).toEqual([...new Array(5).fill("│ "), "└ "]);
});

test("before the first sample nothing is said of what there is", () => {
  const textOf = (state: LiveState) =>
    frameOf(state)
      .map(({ spans }) => spans.map(({ text }) => text).join(""))
      .join("\n");
  const before = textOf(exampleState(emptySnapshot()));
  expect(before).toContain("open -  listening -  closed -");
  expect(before).toContain("  the first sample is awaited");
  expect(before).not.toMatch(/no connections|open 0/);
  const after = textOf(exampleState(snapshotOf()));
  expect(after).toContain("open 0  listening 0  closed 0");
  expect(after).toContain("  no connections");
});
