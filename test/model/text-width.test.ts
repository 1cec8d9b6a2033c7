import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { harmless } from "../../src/model/text.js";
import { fitEndpoint, fitText, textWidth, truncateText, wrapText } from "../../src/model/text-width.js";

test.each([
  ["", 0],
  ["nginx", 5],
  ["数据", 4],
  ["e\u0301", 1],
  // A terminal that joins them gets them without the joiners: see shownText.
  ["👩‍👩‍👧‍👦", 8],
  ["🇩🇪", 2],
  ["क्षि", 3],
])("%j takes the columns that a terminal gives it", (text, width) => {
  expect(textWidth(text)).toBe(width);
});

describe("truncateText", () => {
  test.each([
    ["nginx", 5, "nginx"],
    ["nginx", 4, "ngi…"],
    ["nginx", 1, "…"],
    ["nginx", 0, ""],
    ["数据库", 6, "数据库"],
    ["数据库", 5, "数据…"],
    ["数据库", 4, "数…"],
    ["数据库", 2, "…"],
    ["q\u0301q\u0301q\u0301", 2, "q\u0301…"],
    ["👩‍👩‍👧‍👦", 5, "👩👩…"],
  ])("%j in %i is %j", (text, width, expected) => {
    expect(truncateText(text, width)).toBe(expected);
  });
});

describe("wrapText", () => {
  test.each([
    ["", 5, [""]],
    ["one two three", 20, ["one two three"]],
    ["one two three", 7, ["one two", "three"]],
    ["one two three", 3, ["one", "two", "thr", "ee"]],
    ["数据库 数据库", 5, ["数据", "库", "数据", "库"]],
  ])("%j in lines of %i", (text, width, lines) => {
    expect(wrapText(text, width)).toEqual(lines);
  });
});

describe("fitText", () => {
  test("pads on the side that the alignment says", () => {
    expect(fitText("ab", 4, "left")).toBe("ab  ");
    expect(fitText("ab", 4, "right")).toBe("  ab");
  });

  test("fills a column that half of a wide character would not fit", () => {
    expect(fitText("数据库", 4, "left")).toBe("数… ");
  });

  test("is exactly as wide as asked, whatever the text", () => {
    const text = fc.string({ unit: "grapheme" }).map(harmless);
    fc.assert(
      fc.property(text, fc.integer({ min: 0, max: 30 }), (any, width) => {
        expect(textWidth(fitText(any, width, "left"))).toBe(width);
      }),
    );
  });
});

test.each([
  ["192.0.2.1:443", 13, "192.0.2.1:443"],
  ["192.0.2.1:443", 16, "192.0.2.1:443   "],
  ["192.0.2.123:443", 13, "192.0.2.…:443"],
  ["[2001:db8:1234:5678::1]:65535", 18, "[2001…78::1]:65535"],
  ["[2001:db8::1]:443", 10, "[20…1]:443"],
  ["[2001:db8::1]:443", 9, "[200…:443"],
  ["192.0.2.1:443", 5, "192.…"],
  ["192.0.2.1:443", 1, "…"],
  ["*", 4, "*   "],
])("fitEndpoint(%j, %i)", (text, width, expected) => {
  expect(fitEndpoint(text, width)).toBe(expected);
});
