import { textWidth } from "../../model/text-width.js";
import { formatBytes, formatMicroseconds } from "../../model/units.js";
import { areaChart } from "../chart/area-chart.js";
import type { ChartSymbols } from "../chart/chart-symbols.js";
import { chartTop } from "../chart/chart-top.js";
import { type TrafficLine, trafficChart } from "../chart/traffic-chart.js";
import type { Moment } from "../live/history.js";
import type { Size } from "../screen/screen.js";
import { type Line, line, type Span, type StyleName, span } from "./line.js";

/** Left of a chart: what its full height stands for, and a blank. */
const AXIS_WIDTH = 12;
/** What the full height stands for at least: less would make noise look like traffic. */
const LEAST_RATE = 1000;
const LEAST_RTT_US = 100;

const STYLES: Readonly<Record<TrafficLine["shows"], StyleName>> = {
  incoming: "rx",
  outgoing: "tx",
  both: "plain",
};

/** What was received, upwards, and sent, downwards, with the scale at its left: `size.rows` lines, two at least. */
export function trafficLines(past: readonly Moment[], size: Size, symbols: ChartSymbols): readonly Line[] {
  const incoming = past.map(({ rxRate }) => rxRate);
  const outgoing = past.map(({ txRate }) => txRate);
  const columns = size.columns - AXIS_WIDTH;
  const shown = past.slice(-2 * columns);
  const top = chartTop([shown.map(({ rxRate }) => rxRate), shown.map(({ txRate }) => txRate)], LEAST_RATE);
  const scale = `${formatBytes(top)}B/s`;
  const chart = trafficChart(incoming, outgoing, { size: { columns, rows: size.rows }, top, symbols });
  const labels = new Map([
    [chart.length - 1, `tx ${scale}`],
    [0, `rx ${scale}`],
  ]);
  return chart.map(({ text, shows }, row) => chartLine(labels.get(row) ?? "", text, STYLES[shows]));
}

/** The round trip time, upwards. */
export function roundTripLines(past: readonly Moment[], size: Size, symbols: ChartSymbols): readonly Line[] {
  const series = past.map(({ rttUs }) => rttUs);
  const columns = size.columns - AXIS_WIDTH;
  const top = chartTop([series.slice(-2 * columns)], LEAST_RTT_US);
  const chart = areaChart(series, { size: { columns, rows: size.rows }, top, symbols, growth: "up" });
  return chart.map((text, row) =>
    chartLine(row === 0 ? `rtt ${formatMicroseconds(top)}` : "", text, "label"),
  );
}

function chartLine(label: string, text: string, style: StyleName): Line {
  const axis: Span = span(`${label.padStart(AXIS_WIDTH - 1)} `, "dim");
  return line([axis, span(text, style)]);
}

/** A line with another one at its right, from a column on. */
export function besides({ spans, fill }: Line, right: Line, column: number): Line {
  const used = spans.reduce((width, { text }) => width + textWidth(text), 0);
  return line([...spans, span(" ".repeat(Math.max(0, column - used))), ...right.spans], fill);
}
