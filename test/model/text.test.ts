import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { harmless } from "../../src/model/text.js";
import { anyText } from "../any-text.js";

describe("harmless", () => {
  test.each([
    ["plain", "nginx: worker process", "nginx: worker process"],
    ["escape sequences", "\u001b[2J\u001b]0;x\u0007", "[2J]0;x"],
    ["C1 and DEL", "a\u009b31m\u007fb", "a31mb"],
    ["NUL, tab and line ends", "a\u0000b\tc\r\nd", "abcd"],
    ["line and paragraph separators", "a\u2028b\u2029c", "abc"],
    ["bidi controls", "a\u202eb\u2066c\u200fd\u061ce", "abcde"],
    ["a surrogate without its half", "a\ud800b\udc00c", "abc"],
    ["whole surrogate pairs stay", "a😀b", "a😀b"],
    ["joiners and combining characters stay", "e\u0301 👩‍👧", "e\u0301 👩‍👧"],
    ["other scripts stay", "数据库 база عربي", "数据库 база عربي"],
  ])("%s", (_, text, expected) => {
    expect(harmless(text)).toBe(expected);
  });

  test("leaves nothing to strip, and nothing that UTF-8 can't carry", () => {
    fc.assert(
      fc.property(anyText(), (text) => {
        const clean = harmless(text);
        expect(clean).not.toMatch(/[\p{Cc}\u2028\u2029\p{Bidi_Control}]/u);
        expect(Buffer.from(clean, "utf8").toString("utf8")).toBe(clean);
        expect(harmless(clean)).toBe(clean);
      }),
    );
  });

  test("has no half characters left whatever 16-bit units come", () => {
    const units = fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 20 });
    fc.assert(
      fc.property(units, (codes) => {
        const clean = harmless(String.fromCharCode(...codes));
        expect(Buffer.from(clean, "utf8").toString("utf8")).toBe(clean);
      }),
    );
  });
});
