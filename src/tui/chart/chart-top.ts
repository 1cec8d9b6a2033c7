import type { Series } from "./area-chart.js";

const STEPS = [1, 2, 5, 10];

/** What the full height of a chart stands for: the 1, 2 or 5 of a power of ten that all values fit under; `least` at least. */
export function chartTop(series: readonly Series[], least: number): number {
  let largest = least;
  for (const values of series) {
    for (const value of values) if (value !== null && value > largest) largest = value;
  }
  const power = 10 ** Math.floor(Math.log10(largest));
  const step = STEPS.find((factor) => factor * power >= largest) ?? 10;
  return step * power;
}
