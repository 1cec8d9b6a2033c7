import { describe, expect, test } from "vitest";
import { backgroundFrom, backgroundOf } from "../../../src/tui/theme/background.js";
import { canAskBackground, chartSymbolsOf, colorDepth } from "../../../src/tui/theme/environment.js";

test.each([
  [{}, "none"],
  [{ TERM: "dumb", COLORTERM: "truecolor" }, "none"],
  [{ TERM: "unknown", COLORTERM: "truecolor" }, "none"],
  [{ TERM: "xterm" }, "16"],
  [{ TERM: "linux" }, "16"],
  [{ TERM: "screen" }, "16"],
  [{ TERM: "xterm-256color" }, "256"],
  [{ TERM: "tmux-256color" }, "256"],
  [{ TERM: "screen.xterm-256color" }, "256"],
  [{ TERM: "xterm-256color", COLORTERM: "truecolor" }, "true"],
  [{ TERM: "xterm-256color", COLORTERM: "24bit" }, "true"],
  [{ TERM: "xterm-256color", COLORTERM: "yes" }, "256"],
  [{ TERM: "xterm-kitty" }, "true"],
  [{ TERM: "xterm-direct" }, "true"],
  [{ TERM: "vt100" }, "none"],
  [{ TERM: "vt220" }, "none"],
  [{ TERM: "xterm-mono" }, "none"],
  [{ TERM: "xterm-256color", NO_COLOR: "1" }, "none"],
  [{ TERM: "xterm-256color", NO_COLOR: "" }, "256"],
])("%j has %s", (environment, depth) => {
  expect(colorDepth(environment, true)).toBe(depth);
  expect(colorDepth(environment, false)).toBe("none");
});

describe("a terminal", () => {
  const LANG = "C.UTF-8";
  test.each([
    [{ TERM: "xterm", LANG }, "braille", true],
    [{ TERM: "xterm", LANG: "C" }, "ascii", true],
    [{ TERM: "linux", LANG }, "ascii", false],
    [{ TERM: "vt220", LANG }, "ascii", false],
    [{ TERM: "dumb", LANG }, "braille", false],
    [{ LANG }, "braille", false],
  ])("%j", (environment, symbols, answers) => {
    expect(chartSymbolsOf(environment)).toBe(symbols);
    expect(canAskBackground(environment)).toBe(answers);
  });
});

test.each([
  [{ COLORFGBG: "15;0" }, "dark"],
  [{ COLORFGBG: "0;15" }, "light"],
  [{ COLORFGBG: "0;default;15" }, "light"],
  [{ COLORFGBG: "12;8" }, "dark"],
  [{ COLORFGBG: "15;default" }, null],
  [{ COLORFGBG: "15;99" }, null],
  [{}, null],
])("%j says %s", (environment, background) => {
  expect(backgroundFrom(environment)).toBe(background);
});

test.each([
  ["]11;rgb:0000/0000/0000", "dark"],
  ["]11;rgb:ffff/ffff/ffff", "light"],
  ["]11;rgb:fd/f6/e3", "light"],
  ["]11;rgb:0000/2b2b/3636", "dark"],
  ["]11;rgba:ffff/ffff/ffff/8000", "light"],
  ["]11;rgb:0/0/f", "dark"],
  ["]10;rgb:ffff/ffff/ffff", null],
  ["]11;white", null],
  ["[?1;2c", null],
  [null, null],
])("the answer %j says %s", (reply, background) => {
  expect(backgroundOf(reply)).toBe(background);
});
