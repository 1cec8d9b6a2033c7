import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { areaChart, samplesShown } from "../../../src/tui/chart/area-chart.js";
import { chartTop } from "../../../src/tui/chart/chart-top.js";
import { sums, trafficChart } from "../../../src/tui/chart/traffic-chart.js";

const RAMP = [0, 1, 2, 3, 4, 5, 6, 7, 8];

describe("areaChart", () => {
  const size = (columns: number, rows: number) => ({ columns, rows });

  test("in braille", () => {
    const options = { size: size(5, 2), top: 8, symbols: "braille" } as const;
    expect(areaChart(RAMP, { ...options, growth: "up" })).toMatchInlineSnapshot(`
      [
        "   ⣠⣾",
        "⢀⣠⣾⣿⣿",
      ]
    `);
    expect(areaChart(RAMP, { ...options, growth: "down" })).toMatchInlineSnapshot(`
      [
        "⠈⠙⢿⣿⣿",
        "   ⠙⢿",
      ]
    `);
  });

  test("in ASCII", () => {
    const options = { size: size(9, 2), top: 8, symbols: "ascii" } as const;
    expect(areaChart(RAMP, { ...options, growth: "up" })).toMatchInlineSnapshot(`
      [
        "     .:##",
        "..:######",
      ]
    `);
    expect(areaChart(RAMP, { ...options, growth: "down" })).toMatchInlineSnapshot(`
      [
        "'':######",
        "     ':##",
      ]
    `);
  });

  test.each(["braille", "ascii"] as const)("what is not known is a gap, and 0 is not: %s", (symbols) => {
    const options = { size: size(4, 1), top: 10, symbols, growth: "up" } as const;
    const perCell = samplesShown(1, symbols);
    const cell = (value: number | null) => Array(perCell).fill(value);
    const chart = areaChart([...cell(10), ...cell(null), ...cell(0), ...cell(10)], options);
    expect(chart).toEqual([symbols === "braille" ? "⣿ ⣀⣿" : "# .#"]);
  });

  test("the newest is at the right edge, older ones that have no room are left out", () => {
    const options = { size: size(2, 1), top: 10, symbols: "ascii", growth: "up" } as const;
    expect(areaChart([10], options)).toEqual([" #"]);
    expect(areaChart([10, 0, 10], options)).toEqual([".#"]);
    expect(areaChart([], options)).toEqual(["  "]);
  });

  test("whatever the values, every line is as wide as asked for", () => {
    const values = fc.array(fc.option(fc.oneof(fc.double(), fc.nat())), { maxLength: 50 });
    const symbols = fc.constantFrom("braille" as const, "ascii" as const);
    const growths = fc.constantFrom("up" as const, "down" as const);
    fc.assert(
      fc.property(values, fc.nat(20), fc.nat(6), symbols, growths, (series, columns, rows, kind, growth) => {
        const lines = areaChart(series, { size: size(columns, rows), top: 100, symbols: kind, growth });
        expect(lines.map((line) => line.length)).toEqual(Array(rows).fill(columns));
        const shown = kind === "braille" ? /^[ \u2801-\u28ff]*$/ : /^[ .:#']*$/;
        for (const line of lines) expect(line).toMatch(shown);
      }),
    );
  });
});

describe("trafficChart", () => {
  const incoming = [null, 0, 4, 8, 8, 4];
  const outgoing = [2, 2, 2, 4, 8, 0];

  test("has one above the other", () => {
    const chart = trafficChart(incoming, outgoing, {
      size: { columns: 3, rows: 4 },
      top: 8,
      symbols: "braille",
    });
    expect(chart).toMatchInlineSnapshot(`
      [
        {
          "shows": "incoming",
          "text": " ⢸⡇",
        },
        {
          "shows": "incoming",
          "text": "⢀⣿⣿",
        },
        {
          "shows": "outgoing",
          "text": "⠛⢻⡏",
        },
        {
          "shows": "outgoing",
          "text": "  ⡇",
        },
      ]
    `);
  });

  test("keeps one scale where the halves differ", () => {
    const size = { columns: 6, rows: 3 };
    const chart = trafficChart([9, 9, 9, 9, 9, 9], [9, 9, 9, 9, 9, 9], { size, top: 9, symbols: "ascii" });
    expect(chart.map(({ text }) => text)).toEqual(["      ", "######", "######"]);
  });

  test("is the sum where there is one line", () => {
    const size = { columns: 6, rows: 1 };
    const chart = trafficChart(incoming, outgoing, { size, top: 16, symbols: "ascii" });
    expect(chart).toEqual([{ text: " .:##.", shows: "both" }]);
  });

  test("sums end at the same time", () => {
    expect(sums([1, 2, 3], [10, null])).toEqual([null, 12, null]);
  });
});

test.each([
  [[], 1000, 1000],
  [[[null, 3]], 1000, 1000],
  [[[1001]], 1000, 2000],
  [[[2000], [2001]], 1000, 5000],
  [[[5001, null]], 1000, 10_000],
  [[[1e9]], 1000, 1e9],
  [[[0.003]], 0.001, 0.005],
])("the top for %j, at least %i, is %i", (series, least, top) => {
  expect(chartTop(series, least)).toBeCloseTo(top, 9);
});
