import type { Environment } from "./environment.js";
import type { Row, Section, Spread } from "./report.js";

/** Where and when, as the lines above the tables. */
export function environmentText({ time, kernel, cpu, cores, load, node, ss }: Environment): string {
  return `${time}\n${kernel}; ${cores} x ${cpu}, load ${load.toFixed(2)} before; Node.js ${node}; ${ss}\n`;
}

/** A section as a table: median and extremes of each row, and of its ratio to what it is compared with. */
export function sectionText({ title, rows }: Section): string {
  const lines = [["", "median", "min - max", "runs", "ratio", "min - max", "to"], ...rows.map(cells)];
  const widths = lines[0]?.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  const table = lines.map((line) => line.map((cell, column) => pad(cell, column, widths?.[column] ?? 0)));
  return `\n${title}\n${table.map((line) => `  ${line.join("  ").trimEnd()}\n`).join("")}`;
}

function cells({ what, unit, value, ratio }: Row): readonly string[] {
  return [
    what,
    `${figure(value.median)} ${unit}`,
    extremes(value),
    String(value.runs),
    ...(ratio === null ? ["", "", ""] : [figure(ratio.median), extremes(ratio), ratio.to]),
  ];
}

function extremes({ min, max }: Spread): string {
  return `${figure(min)} - ${figure(max)}`;
}

/** Three digits say all that such a measurement can; ratios near 1 need the third decimal. */
function figure(value: number): string {
  if (value !== 0 && Math.abs(value) < 10) return value.toFixed(Math.abs(value) < 2 ? 3 : 2);
  return Math.abs(value) < 100 ? value.toFixed(1) : value.toFixed(0);
}

/** Words to the left, figures to the right. */
function pad(cell: string, column: number, width: number): string {
  return column === 0 || column === 6 ? cell.padEnd(width) : cell.padStart(width);
}
