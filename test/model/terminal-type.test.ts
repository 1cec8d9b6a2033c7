import { expect, test } from "vitest";
import { canDraw } from "../../src/model/terminal-type.js";

test.each([
  ["xterm-256color", true],
  ["linux", true],
  ["vt100", true],
  ["screen", true],
  ["dumb-emacs-ansi", true],
  ["dumb", false],
  ["unknown", false],
  ["network", false],
  ["dialup", false],
  ["", false],
  [undefined, false],
])("on a terminal of type %j screens can be drawn: %j", (terminalType, draws) => {
  expect(canDraw(terminalType)).toBe(draws);
});
