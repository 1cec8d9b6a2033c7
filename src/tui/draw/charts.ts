import { formatBytes, formatMicroseconds } from "../../model/units.js";
import { areaChart, samplesShown } from "../chart/area-chart.js";
import type { ChartSymbols } from "../chart/chart-symbols.js";
import { chartTop } from "../chart/chart-top.js";
import { type TrafficLine, trafficChart } from "../chart/traffic-chart.js";
import type { Moment } from "../live/history.js";
import type { Size } from "../screen/screen.js";
import { type Line, line, type Span, type StyleName, span, spansWidth } from "./line.js";

/** Right of a chart, beside the newest: a blank, and what its full height stands for. */
const AXIS_WIDTH = 8;
/** What the full height stands for at least: less would make noise look like traffic. */
const LEAST_RATE = 1000;
const LEAST_RTT_US = 100;

const STYLES: Readonly<Record<TrafficLine["shows"], StyleName>> = {
  incoming: "rx",
  outgoing: "tx",
  both: "plain",
};

/** What was received, upwards, and sent, downwards, with the scale at its right: `size.rows` lines, two at least. */
export function trafficLines(past: readonly Moment[], size: Size, symbols: ChartSymbols): readonly Line[] {
  const incoming = past.map(({ rxRate }) => rxRate);
  const outgoing = past.map(({ txRate }) => txRate);
  const columns = size.columns - AXIS_WIDTH;
  const shown = past.slice(-samplesShown(columns, symbols));
  const top = chartTop([shown.map(({ rxRate }) => rxRate), shown.map(({ txRate }) => txRate)], LEAST_RATE);
  const scale = span(`${wholeAmount(formatBytes(top))}B/s`, "dim");
  const chart = trafficChart(incoming, outgoing, { size: { columns, rows: size.rows }, top, symbols });
  const middle = Math.ceil(chart.length / 2);
  // Where there are but two lines, which of them is which matters more than the scale.
  const labels = new Map<number, Span>([
    [0, scale],
    [chart.length - 1, scale],
    [middle - 1, span("rx", "rx")],
    [middle, span("tx", "tx")],
  ]);
  return chart.map(({ text, shows }, row) => chartLine(text, STYLES[shows], labels.get(row)));
}

/** The round trip time, upwards. */
export function roundTripLines(past: readonly Moment[], size: Size, symbols: ChartSymbols): readonly Line[] {
  const series = past.map(({ rttUs }) => rttUs);
  const columns = size.columns - AXIS_WIDTH;
  const top = chartTop([series.slice(-samplesShown(columns, symbols))], LEAST_RTT_US);
  const chart = areaChart(series, { size: { columns, rows: size.rows }, top, symbols, growth: "up" });
  const labels = new Map<number, Span>([
    [chart.length - 1, span("rtt", "label")],
    [0, span(wholeAmount(formatMicroseconds(top)), "dim")],
  ]);
  return chart.map((text, row) => chartLine(text, "label", labels.get(row)));
}

/** A scale is 1, 2 or 5 times a power of ten: nothing stands behind its point. */
function wholeAmount(text: string): string {
  return text.replace(/\.0+(?=\D)/, "");
}

function chartLine(text: string, style: StyleName, label: Span = span("")): Line {
  const axis = span(` ${label.text}`.padEnd(AXIS_WIDTH), label.style);
  return line([span(text, style), axis]);
}

/** A line with another one at its right, from a column on. */
export function besides({ spans, fill }: Line, right: Line, column: number): Line {
  return line([...spans, span(" ".repeat(Math.max(0, column - spansWidth(spans)))), ...right.spans], fill);
}
