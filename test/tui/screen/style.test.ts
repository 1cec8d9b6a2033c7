import { describe, expect, test } from "vitest";
import { graphicRendition, PLAIN_STYLE, rgbColor, type Style } from "../../../src/tui/screen/style.js";
import { StyleTable } from "../../../src/tui/screen/style-table.js";

const look = (style: Partial<Style>): Style => ({ ...PLAIN_STYLE, ...style });

test.each<[Partial<Style>, Partial<Style>, string]>([
  [{}, {}, ""],
  [{ bold: true }, { bold: true }, ""],
  [{}, { bold: true, underline: true }, "\x1b[1;4m"],
  [{ bold: true, foreground: 200 }, {}, "\x1b[m"],
  [{ foreground: 1 }, { foreground: 9 }, "\x1b[91m"],
  [{}, { foreground: 8, background: 15 }, "\x1b[90;107m"],
  [{}, { foreground: 16, background: 255 }, "\x1b[38;5;16;48;5;255m"],
  [{}, { foreground: rgbColor(1, 20, 255) }, "\x1b[38;2;1;20;255m"],
  [{}, { background: rgbColor(0, 0, 0) }, "\x1b[48;2;0;0;0m"],
  [
    { bold: true, dim: true, background: rgbColor(1, 2, 3) },
    { dim: true, background: rgbColor(1, 2, 3) },
    "\x1b[22;2m",
  ],
  [{ foreground: 100, reverse: true, underline: true }, { foreground: 1 }, "\x1b[0;31m"],
  [{ reverse: true, background: 7 }, { background: 7 }, "\x1b[27m"],
])("from %j to %j", (from, to, sequence) => {
  expect(graphicRendition(look(from), look(to))).toBe(sequence);
});

describe("StyleTable", () => {
  test("gives equal styles one number, the plain one 0", () => {
    const styles = new StyleTable();
    const bold = styles.id({ bold: true });
    expect(styles.id({})).toBe(0);
    expect(styles.id({ bold: true, dim: false })).toBe(bold);
    expect(styles.over(bold, { dim: true })).toBe(styles.id({ dim: true, bold: true }));
    expect(styles.style(bold)).toEqual(look({ bold: true }));
  });

  test("refuses more than cells can hold", () => {
    const styles = new StyleTable();
    for (let color = 1; color < 0x10000; color++) styles.id({ foreground: 0x1000000 + color });
    expect(() => styles.id({ bold: true })).toThrow(RangeError);
    expect(styles.id({ foreground: 0x1000001 })).toBe(1);
  });
});
