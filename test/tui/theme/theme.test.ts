import { describe, expect, test } from "vitest";
import type { StyleName } from "../../../src/tui/draw/line.js";
import type { Look } from "../../../src/tui/draw/paint.js";
import type { Color, Style } from "../../../src/tui/screen/style.js";
import { StyleTable } from "../../../src/tui/screen/style-table.js";
import { APPEARANCES } from "../../../src/tui/theme/appearances.js";
import { nearestPaletteColor, paletteRgb, partsOf } from "../../../src/tui/theme/palette.js";
import { themeOf } from "../../../src/tui/theme/theme.js";

const NAMES = Object.keys(APPEARANCES).filter((name): name is StyleName => name in APPEARANCES);
const TRUE_COLOR = 0x1000000;
/** WCAG 2, for text; what is faint on purpose stays above that for large text. */
const READABLE = 4.5;

function rgbOf(color: Color): [number, number, number] {
  return color >= TRUE_COLOR ? partsOf(color - TRUE_COLOR) : paletteRgb(color);
}

/** Relative luminance, as WCAG 2 defines it. */
function luminance(parts: readonly number[]): number {
  const [red = 0, green = 0, blue = 0] = parts.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: readonly number[], other: readonly number[]): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

function stylesOf(look: Look, styles: StyleTable): readonly [StyleName, Style][] {
  return NAMES.map((name) => [name, styles.style(look(name, null))]);
}

describe.each(["256", "true"] as const)("with %s colours", (depth) => {
  test.each([
    ["dark", [30, 30, 30], [230, 230, 230]],
    ["light", [255, 255, 255], [20, 20, 20]],
  ] as const)("every text can be read on a %s background", (background, behind, plain) => {
    const styles = new StyleTable();
    const look = themeOf(styles, depth, background);
    const overs = ([null, "selected", "match"] as const).flatMap((over) =>
      NAMES.map((name): [string, Style] => [`${name} ${over ?? ""}`, styles.style(look(name, over))]),
    );
    const unreadable = overs
      .map(([name, style]): [string, number] => {
        const text = style.foreground === null ? plain : rgbOf(style.foreground);
        return [name, contrast(text, style.background === null ? behind : rgbOf(style.background))];
      })
      .filter(([, ratio]) => ratio < READABLE);
    expect(unreadable).toEqual([]);
  });
});

/** What has to catch the eye, or to be passed over, whatever the terminal. */
const TELLING = [
  "dim",
  "selected",
  "match",
  "closed",
  "state-bad",
  "rate-high",
  "warning",
  "error",
  "key",
] as const;

test("without colours there are none, and what matters is told by other means", () => {
  const styles = new StyleTable();
  const look = themeOf(styles, "none", "dark");
  for (const [, { foreground, background }] of stylesOf(look, styles)) {
    expect([foreground, background]).toEqual([null, null]);
  }
  for (const name of TELLING) expect(look(name, null), name).not.toBe(look("plain", null));
  expect(styles.style(look("plain", "selected")).reverse).toBe(true);
});

test("what a text means can be seen on the selected row, too, where there is a colour to lie behind it", () => {
  const styles = new StyleTable();
  const look = themeOf(styles, "true", "dark");
  expect(styles.style(look("rate-high", "selected"))).toMatchObject({
    foreground: styles.style(look("rate-high", null)).foreground,
    background: styles.style(look("selected", null)).background,
    bold: true,
  });
});

test("with 16 colours there are no others, and the selected row is reversed", () => {
  for (const background of ["dark", "light"] as const) {
    const styles = new StyleTable();
    const look = themeOf(styles, "16", background);
    for (const [, style] of stylesOf(look, styles)) {
      expect(style.foreground ?? 0).toBeLessThan(background === "dark" ? 16 : 8);
      expect(style.background).toBeNull();
    }
    for (const name of TELLING) expect(look(name, null), name).not.toBe(look("plain", null));
    expect(styles.style(look("plain", "selected"))).toMatchObject({ reverse: true, foreground: null });
  }
});

test.each([
  [0x000000, 16],
  [0xffffff, 231],
  [0xff0000, 196],
  [0x808080, 244],
  [0x5f87af, 67],
])("%i is nearest to %i of the palette", (rgb, color) => {
  expect(nearestPaletteColor(rgb)).toBe(color);
});
