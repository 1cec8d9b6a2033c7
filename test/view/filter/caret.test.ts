import fc from "fast-check";
import { expect, test } from "vitest";
import { textWidth } from "../../../src/model/text-width.js";
import { caretLines } from "../../../src/view/filter/caret.js";
import { hostileText } from "./hostile-text.js";

test.each([
  ["tcp and tx_rat > 1", 8, 14, "tcp and tx_rat > 1", "        ^~~~~~"],
  ["tx_rate >", 9, 9, "tx_rate >", "         ^"],
  ["tcp)", 3, 4, "tcp)", "   ^"],
  ["comm = '数据' x", 12, 13, "comm = '数据' x", "              ^"],
  ["a\tb\u001bc", 4, 5, "a b c", "    ^"],
])("%j from %i to %i", (text, start, end, line, marks) => {
  expect(caretLines(text, { start, end }, 76)).toEqual([line, marks]);
});

test("of a long filter, the part around the place", () => {
  const text = `${"tcp or ".repeat(20)}tx_rat > 1 ${"and udp ".repeat(20)}`;
  const start = text.indexOf("tx_rat");
  expect(caretLines(text, { start, end: start + 6 }, 50)).toEqual([
    "...cp or tcp or tcp or tx_rat > 1 and udp and udp",
    `${" ".repeat(23)}^~~~~~`,
  ]);
});

test("no line is too wide, and nothing in it moves a cursor", () => {
  fc.assert(
    fc.property(hostileText(40), fc.nat(40), fc.nat(40), (text, a, b) => {
      const start = Math.min(a, text.length);
      const end = Math.min(start + b, text.length);
      for (const line of caretLines(text, { start, end }, 45)) {
        expect(textWidth(line)).toBeLessThanOrEqual(45);
        expect(line).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u);
      }
    }),
  );
});
