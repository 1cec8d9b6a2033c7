import type { Environment } from "./environment.js";

/** All that one run measured. */
export interface Report {
  readonly environment: Environment;
  readonly sections: readonly Section[];
}

export interface Section {
  readonly title: string;
  readonly rows: readonly Row[];
}

export interface Row {
  readonly what: string;
  readonly unit: Unit;
  readonly value: Spread;
  /** How it compares; null for what others are compared with. */
  readonly ratio: Ratio | null;
}

export type Unit = "ms" | "us" | "MB" | "bytes" | "1/s" | "% of a core";

/** Several runs of one thing. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  readonly runs: number;
}

/** How many times what it is compared with. */
export interface Ratio extends Spread {
  readonly to: string;
}

/** The spread of at least one value. */
export function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >>> 1;
  const upper = at(sorted, middle);
  const median = sorted.length % 2 === 1 ? upper : (at(sorted, middle - 1) + upper) / 2;
  return { median, min: at(sorted, 0), max: at(sorted, sorted.length - 1), runs: sorted.length };
}

/** One row; `others` are the runs that it is compared with, run by run: what disturbed both then cancels out. */
export function row(
  what: string,
  unit: Unit,
  values: readonly number[],
  to: { readonly name: string; readonly values: readonly number[] } | null = null,
): Row {
  return { what, unit, value: spread(values), ratio: to && { to: to.name, ...ratio(values, to.values) } };
}

/** Run by run where both have as many, up to the shorter; a single value is compared with every run. */
function ratio(values: readonly number[], others: readonly number[]): Spread {
  const [only] = others;
  if (others.length === 1 && only !== undefined) return spread(values.map((value) => value / only));
  const both = Math.min(values.length, others.length);
  return spread(values.slice(0, both).map((value, run) => value / at(others, run)));
}

function at(values: readonly number[], index: number): number {
  const value = values[index];
  if (value === undefined) throw new RangeError("nothing was measured");
  return value;
}
