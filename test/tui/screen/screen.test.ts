import { describe, expect, test } from "vitest";
import { RIGHT_HALF, Screen } from "../../../src/tui/screen/screen.js";
import { StyleTable } from "../../../src/tui/screen/style-table.js";
import { screenText } from "../screen-text.js";

const styles = new StyleTable();
const bold = styles.id({ bold: true });
const red = styles.id({ foreground: 1 });

function screenOf(columns: number, rows = 1, charset: "utf-8" | "ascii" = "utf-8"): Screen {
  return new Screen({ columns, rows }, charset);
}

describe("put", () => {
  test.each([
    ["fits", 0, "nginx", "nginx   ", 5],
    ["is clipped at the edge", 5, "nginx", "     ngi", 8],
    ["is clipped on the left", -2, "nginx", "inx     ", 3],
    ["lies beyond", 9, "nginx", "        ", 9],
    ["is wide", 1, "数据", " 数据   ", 5],
    ["has half of a wide character to the right of the edge", 5, "数据", "     数 ", 7],
    ["has half of a wide character to the left of the edge", -1, "数据", " 据     ", 3],
    ["combines", 0, "e\u0301q\u0301", "\u00e9q\u0301      ", 2],
    ["begins with a mark", 0, "\u0301a", "a       ", 1],
    ["has more marks than a cell", 0, "q\u0301\u0302\u0303", "q\u0301\u0302       ", 1],
    ["has escape sequences", 0, "a\x1b[31mb\r\n\u009bc", "a[31mbc ", 7],
    ["has joiners, bidi controls and half a surrogate", 0, "a\u200d\u202e\u00adb\ud83d", "ab      ", 2],
    ["has a skin tone and variation selectors", 0, "👍🏽☁\ufe0f", "👍☁     ", 3],
  ])("a text that %s", (_, x, text, line, end) => {
    const screen = screenOf(8);
    expect(screen.put(x, 0, text, bold)).toBe(end);
    expect(screenText(screen)).toEqual([line]);
  });

  test("a width is not passed", () => {
    const screen = screenOf(8);
    expect(screen.put(0, 0, "数据库", 0, 5)).toBe(4);
    expect(screen.put(6, 0, "ab", 0, -1)).toBe(6);
    expect(screenText(screen)).toEqual(["数据    "]);
  });

  test("rows outside take nothing", () => {
    const screen = screenOf(4, 2);
    for (const y of [-1, 2]) {
      screen.put(0, y, "ab", bold);
      screen.fit(0, y, "ab", bold, 4);
      screen.fill(0, y, 4, bold);
      screen.restyle(0, y, 4, () => bold);
    }
    expect(screenText(screen)).toEqual(["    ", "    "]);
    expect([...screen.styles]).toEqual(Array(8).fill(0));
  });

  test.each([
    ["the left half", 1, " x      "],
    ["the right half", 2, "  x     "],
  ])("over %s of a wide character leaves a blank in the other", (_, x, line) => {
    const screen = screenOf(8);
    screen.put(1, 0, "数", red);
    screen.put(x, 0, "x", bold);
    expect(screenText(screen)).toEqual([line]);
    expect(screen.characters).not.toContain(RIGHT_HALF);
  });

  test("a wide character over two halves leaves two blanks", () => {
    const screen = screenOf(8);
    screen.put(0, 0, "数据库", red);
    screen.put(1, 0, "漢", bold);
    expect(screenText(screen)).toEqual([" 漢 库  "]);
  });

  test("what is not ASCII has a likeness where there is only that", () => {
    const screen = screenOf(12, 1, "ascii");
    expect(screen.put(0, 0, "é数▲…q\u0301\u200d·", 0)).toBe(7);
    expect(screenText(screen)).toEqual(["???^~q.     "]);
  });
});

describe("fit", () => {
  test.each([
    ["ab", 4, "left", "|ab  |"],
    ["ab", 4, "right", "|  ab|"],
    ["abcdef", 4, "right", "|abc…|"],
    ["数据库", 4, "left", "|数… |"],
    ["👩‍👩‍👧", 6, "left", "|👩👩👧|"],
    ["👩‍👩‍👧", 5, "left", "|👩👩…|"],
    ["ab", 1, "left", "|…|"],
    ["ab", 0, "left", "||"],
  ] as const)("%j in %i columns, %s", (text, width, alignment, line) => {
    const screen = screenOf(width + 2);
    screen.put(0, 0, "x".repeat(width + 2), 0);
    screen.put(0, 0, "|", 0);
    expect(screen.fit(1, 0, text, bold, width, alignment)).toBe(width + 1);
    screen.put(width + 1, 0, "|", 0);
    expect(screenText(screen)).toEqual([line]);
  });

  test("measures the likeness in ASCII", () => {
    const screen = screenOf(6, 1, "ascii");
    screen.fit(0, 0, "数据库", 0, 4);
    expect(screenText(screen)).toEqual(["???~  "]);
    expect(screen.widthOf("数据库")).toBe(6);
    expect(screenOf(6).widthOf("数据库")).toBe(6);
  });
});

test("restyle takes a wide character as one", () => {
  const screen = screenOf(8);
  screen.put(0, 0, "a数据b", red);
  screen.restyle(2, 0, 2, (style) => styles.over(style, { reverse: true }));
  const selected = styles.id({ foreground: 1, reverse: true });
  expect([...screen.styles]).toEqual([red, selected, selected, selected, selected, red, 0, 0]);
});

test("clear makes all blank", () => {
  const screen = screenOf(4);
  screen.put(0, 0, "数q\u0301", bold);
  screen.cursor = { x: 1, y: 0 };
  screen.clear();
  expect(screen).toEqual(screenOf(4));
});
