import { describe, expect, test } from "vitest";
import { editedLine, editLine, insertText } from "../../../src/tui/live/line-editor.js";

/** The line after some keys, with "|" where the cursor stands. */
function after(text: string, ...keys: readonly string[]): string {
  const line = keys.reduce(editLine, editedLine(text));
  return `${line.text.slice(0, line.cursor)}|${line.text.slice(line.cursor)}`;
}

describe("editLine", () => {
  test.each([
    ["types at the cursor", "ab", ["left", "x", "space"], "ax |b"],
    ["goes no further than the ends", "ab", ["right", "home", "left", "x"], "x|ab"],
    ["deletes before and after", "abcd", ["left", "left", "backspace", "delete"], "a|d"],
    ["has the keys of a shell", "one two  ", ["ctrl+w"], "one |"],
    ["cuts to the beginning", "one two", ["left", "ctrl+u"], "|o"],
    ["cuts to the end", "one two", ["ctrl+a", "ctrl+k"], "|"],
    ["takes a character of two units as one", "a\u{1f600}b", ["left", "left", "x", "delete"], "ax|b"],
    ["does nothing for other keys", "ab", ["f7", "page-up"], "ab|"],
  ])("%s", (_, text, keys, expected) => {
    expect(after(text, ...keys)).toBe(expected);
  });
});

test("what would make it too long is not taken", () => {
  const line = insertText(editedLine("a"), "x".repeat(4096));
  expect(line.text).toBe("a");
  expect(insertText(line, "x".repeat(4095)).text).toHaveLength(4096);
});
