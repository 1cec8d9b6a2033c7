import { describe, expect, test } from "vitest";
import { SOCKET_STATES } from "../../../src/model/tcp.js";
import type { Color, Style } from "../../../src/tui/screen/style.js";
import { StyleTable } from "../../../src/tui/screen/style-table.js";
import { HEAT_LOOKS, LOOKS, type LookName } from "../../../src/tui/theme/looks.js";
import { nearestPaletteColor, paletteRgb, partsOf } from "../../../src/tui/theme/palette.js";
import { Theme } from "../../../src/tui/theme/theme.js";

const NAMES = Object.keys(LOOKS).filter((name): name is LookName => name in LOOKS);
const RATES = [null, 0, 1, 9_999, 10_000, 100_000, 1e6, 1e7, 1e12];
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

/** All styles that a theme gives to text. */
function stylesOf(theme: Theme, styles: StyleTable): readonly [string, Style][] {
  const ids: [string, number][] = [
    ...NAMES.map((name): [string, number] => [name, theme.look(name)]),
    ...RATES.map((rate): [string, number] => [`rate ${rate}`, theme.heat(rate)]),
  ];
  return ids.flatMap(([name, id]): [string, Style][] => [
    [name, styles.style(id)],
    [`${name}, selected`, styles.style(theme.selected(id))],
  ]);
}

describe.each(["256", "true"] as const)("%s", (depth) => {
  test.each([
    ["dark", [30, 30, 30], [230, 230, 230]],
    ["light", [255, 255, 255], [20, 20, 20]],
  ] as const)("every text can be read on a %s background", (background, behind, plain) => {
    const styles = new StyleTable();
    const unreadable = stylesOf(new Theme(styles, depth, background), styles)
      .map(([name, style]): [string, number] => {
        const text = style.foreground === null ? plain : rgbOf(style.foreground);
        return [name, contrast(text, style.background === null ? behind : rgbOf(style.background))];
      })
      .filter(([, ratio]) => ratio < READABLE);
    expect(unreadable).toEqual([]);
  });
});

test("without colours there are none, and what matters is told by other means", () => {
  const styles = new StyleTable();
  const theme = new Theme(styles, "none", "dark");
  for (const [, style] of stylesOf(theme, styles)) {
    expect([style.foreground, style.background]).toEqual([null, null]);
  }
  const plain = theme.look("plain");
  for (const name of ["faint", "closed", "alarm", "warning", "match", "sortedTitle"] as const) {
    expect(theme.look(name)).not.toBe(plain);
  }
  expect(styles.style(theme.selected(plain)).reverse).toBe(true);
});

test("with 16 colours there are no others, and the selection is reversed", () => {
  for (const background of ["dark", "light"] as const) {
    const styles = new StyleTable();
    const theme = new Theme(styles, "16", background);
    for (const [, style] of stylesOf(theme, styles)) {
      expect(style.foreground ?? 0).toBeLessThan(background === "dark" ? 16 : 8);
      expect(style.background).toBeNull();
    }
    expect(styles.style(theme.selected(theme.look("alarm")))).toMatchObject({
      reverse: true,
      foreground: null,
    });
  }
});

test("a rate gets hotter with each power of ten", () => {
  const styles = new StyleTable();
  const theme = new Theme(styles, "true", "dark");
  const rates = [0, 1, 10_000, 100_000, 1_000_000, 10_000_000];
  const heats = rates.map((rate) => theme.heat(rate));
  expect(new Set(heats).size).toBe(HEAT_LOOKS.length);
  expect(rates.slice(1).map((rate) => theme.heat(rate - 0.5))).toEqual([heats[1], ...heats.slice(1, -1)]);
  expect(theme.heat(null)).toBe(heats[0]);
  expect(theme.heat(1e15)).toBe(heats.at(-1));
});

test("every state has a look", () => {
  const theme = new Theme(new StyleTable(), "true", "dark");
  expect(theme.state("ESTABLISHED")).toBe(theme.look("established"));
  expect(theme.state("SYN_SENT")).toBe(theme.look("opening"));
  for (const state of SOCKET_STATES)
    expect(NAMES.map((name) => theme.look(name))).toContain(theme.state(state));
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
