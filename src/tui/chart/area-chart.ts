import type { Size } from "../screen/screen.js";
import { type ChartSymbols, type Growth, SYMBOL_SETS } from "./chart-symbols.js";

/** One value a tick, the newest last; null where it is not known. */
export type Series = readonly (number | null)[];

export interface AreaOptions {
  readonly size: Size;
  /** What the full height stands for; see `chartTop`. More is cut off. */
  readonly top: number;
  readonly symbols: ChartSymbols;
  readonly growth: Growth;
}

/** How many values a chart of so many columns shows. */
export function samplesShown(columns: number, symbols: ChartSymbols): number {
  return columns * SYMBOL_SETS[symbols].samplesPerCell;
}

/**
 * The newest values as an area, the newest at the right edge: `size.rows` lines of `size.columns` characters each. A value
 * that is known is one step high at least, also 0; one that is not leaves a gap.
 */
export function areaChart(series: Series, { size, top, symbols, growth }: AreaOptions): readonly string[] {
  const { samplesPerCell, stepsPerCell, symbol } = SYMBOL_SETS[symbols];
  const samples = samplesShown(size.columns, symbols);
  const steps = size.rows * stepsPerCell;
  const levels = Array.from({ length: samples }, (_, index) =>
    levelOf(series[series.length - samples + index] ?? null, top, steps),
  );
  const fromBase = Array.from({ length: size.rows }, (_, row) => {
    const below = row * stepsPerCell;
    let line = "";
    for (let sample = 0; sample < samples; sample += samplesPerCell) {
      const cell = levels.slice(sample, sample + samplesPerCell);
      line += symbol(
        cell.map((level) => Math.min(stepsPerCell, Math.max(0, level - below))),
        growth,
      );
    }
    return line;
  });
  return growth === "up" ? fromBase.reverse() : fromBase;
}

function levelOf(value: number | null, top: number, steps: number): number {
  if (value === null || Number.isNaN(value)) return 0;
  return Math.min(steps, Math.max(1, Math.ceil((value / top) * steps)));
}
