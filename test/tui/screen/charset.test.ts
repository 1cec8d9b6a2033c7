import { expect, test } from "vitest";
import { asciiLikeness, charsetOf } from "../../../src/tui/screen/charset.js";

test.each([
  [{ LANG: "de_DE.UTF-8" }, "utf-8"],
  [{ LANG: "C.utf8" }, "utf-8"],
  [{ LANG: "de_DE.UTF-8", LC_CTYPE: "C" }, "ascii"],
  [{ LANG: "C", LC_ALL: "en_US.UTF-8", LC_CTYPE: "C" }, "utf-8"],
  [{ LANG: "en_US.UTF-8", LC_ALL: "" }, "utf-8"],
  [{ LANG: "en_US.ISO-8859-1" }, "ascii"],
  [{}, "ascii"],
])("%j is %s", (environment, charset) => {
  expect(charsetOf(environment)).toBe(charset);
});

test("every column has a character for it in ASCII", () => {
  expect(asciiLikeness("a…▲é漢🙂")).toBe("a~^?????");
});
