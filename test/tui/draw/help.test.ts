import { expect, test } from "vitest";
import { textWidth } from "../../../src/model/text-width.js";
import { helpLines } from "../../../src/tui/draw/help.js";
import { shownKey } from "../../../src/tui/draw/hints.js";
import { KEY_TABLE } from "../../../src/tui/live/key-table.js";

function textLines(columns: number): readonly string[] {
  return helpLines(KEY_TABLE, columns).map(({ spans }) => spans.map(({ text }) => text).join(""));
}

test.each([40, 80, 117, 118, 120, 150, 178, 200, 300])("all of it fits into %i columns", (columns) => {
  const lines = textLines(columns);
  expect(Math.max(...lines.map(textWidth))).toBeLessThanOrEqual(columns);
  // Whatever is wrapped: each word of it is there.
  const words = new Set(lines.join(" ").split(/\s+/));
  for (const { keys, doc } of KEY_TABLE)
    for (const word of [...keys.map(shownKey), ...doc.split(" ")]) expect(words).toContain(word);
});

test("a wide screen has it side by side, on one screen", () => {
  // Lines that 120x40 and 200x50 have between the header and the keys.
  expect(textLines(120).length).toBeLessThanOrEqual(35);
  expect(textLines(200).length).toBeLessThanOrEqual(45);
  expect(textLines(120)[0]).toMatch(/^ Moving {10,} Arranging/);
  expect(textLines(200)[0]).toMatch(/^ Moving {10,} Arranging {10,} Time/);
});

test("a narrow one has it below each other", () => {
  const sections = [...new Set(KEY_TABLE.map(({ section }) => section))];
  expect(textLines(80).filter((text) => /^ \w+$/.test(text))).toEqual(sections.map((one) => ` ${one}`));
});
