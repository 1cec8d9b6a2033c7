import type { Size } from "../screen/screen.js";
import { areaChart, type Series } from "./area-chart.js";
import type { ChartSymbols } from "./chart-symbols.js";

/** A line of a chart, which has one colour. */
export interface TrafficLine {
  readonly text: string;
  readonly shows: "incoming" | "outgoing" | "both";
}

/**
 * What came in, upwards, and what went out, downwards, by one scale: `size.rows` lines from the top. One line alone, in
 * which two colours have no place, shows the sum.
 */
export function trafficChart(
  incoming: Series,
  outgoing: Series,
  { size, top, symbols }: { readonly size: Size; readonly top: number; readonly symbols: ChartSymbols },
): readonly TrafficLine[] {
  const { columns, rows } = size;
  if (rows < 2) {
    const lines = areaChart(sums(incoming, outgoing), { size, top, symbols, growth: "up" });
    return lines.map((text) => ({ text, shows: "both" }));
  }
  const upper = { columns, rows: Math.ceil(rows / 2) };
  const lower = { columns, rows: Math.floor(rows / 2) };
  // By one scale also where the upper half has a row more.
  const upperTop = (top * upper.rows) / lower.rows;
  return [
    ...areaChart(incoming, { size: upper, top: upperTop, symbols, growth: "up" }).map(
      (text): TrafficLine => ({ text, shows: "incoming" }),
    ),
    ...areaChart(outgoing, { size: lower, top, symbols, growth: "down" }).map(
      (text): TrafficLine => ({ text, shows: "outgoing" }),
    ),
  ];
}

/** By their newest values; unknown where one of them is. */
export function sums(first: Series, second: Series): Series {
  const length = Math.max(first.length, second.length);
  return Array.from({ length }, (_, index) => {
    const one = first[first.length - length + index] ?? null;
    const other = second[second.length - length + index] ?? null;
    return one === null || other === null ? null : one + other;
  });
}
