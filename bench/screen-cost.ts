import { encodeFrame } from "../src/tui/screen/frame.js";
import { Screen, type Size } from "../src/tui/screen/screen.js";
import { type StyleId, StyleTable } from "../src/tui/screen/style-table.js";
import type { Plan } from "./plan.js";
import { row, type Section } from "./report.js";

const SIZES: readonly Size[] = [
  { columns: 80, rows: 24 },
  { columns: 200, rows: 50 },
];
/** Rows of a table of which a tick changes each, or ten. */
const FEW_ROWS = 10;
const CELL_COLUMNS = 12;
const NAIVE = "all of it, cell by cell";

/** Draws a table of numbers into a frame, and encodes what has changed: beside sending all of it. */
export function screenCost(plan: Plan): Section {
  return {
    title: "Drawing: a table of changing numbers, built and encoded",
    rows: SIZES.flatMap((size) => [
      ...rowsFor(size, "every row changes", size.rows, plan),
      ...rowsFor(size, `${FEW_ROWS} rows change`, FEW_ROWS, plan),
    ]),
  };
}

function rowsFor(size: Size, name: string, changing: number, plan: Plan) {
  const styles = new StyleTable();
  const heat = [2, 3, 1, 8].map((foreground) => styles.id({ foreground }));
  const screens = [new Screen(size, "utf-8"), new Screen(size, "utf-8")] as const;
  const cost = { buildMs: [] as number[], encodeMs: [] as number[], naiveMs: [] as number[] };
  const sent = { bytes: [] as number[], naiveBytes: [] as number[] };
  for (let frame = -plan.drawnWarmFrames; frame < plan.drawnFrames; frame++) {
    const [next, previous] = frame % 2 === 0 ? screens : [screens[1], screens[0]];
    const buildMs = millisecondsOf(() => build(next, frame, changing, heat)).ms;
    const encoded = millisecondsOf(() => encodeFrame(previous, next, styles));
    const naive = millisecondsOf(() => naiveFrame(next, styles));
    if (frame < 0) continue;
    cost.buildMs.push(buildMs);
    cost.encodeMs.push(encoded.ms);
    cost.naiveMs.push(naive.ms);
    sent.bytes.push(Buffer.byteLength(encoded.result));
    sent.naiveBytes.push(Buffer.byteLength(naive.result));
  }
  const what = `${size.columns}x${size.rows}, ${name}`;
  const bothMs = cost.buildMs.map((buildMs, run) => buildMs + (cost.encodeMs[run] ?? 0));
  const naiveMs = cost.buildMs.map((buildMs, run) => buildMs + (cost.naiveMs[run] ?? 0));
  return [
    row(`${what}: build and encode`, "ms", bothMs, { name: NAIVE, values: naiveMs }),
    row(`${what}: encode alone`, "ms", cost.encodeMs),
    row(`${what}: sent`, "bytes", sent.bytes, { name: NAIVE, values: sent.naiveBytes }),
  ];
}

/** Every cell of a table has a number, in a colour by its size. */
function build(screen: Screen, frame: number, changing: number, heat: readonly StyleId[]): void {
  screen.clear();
  for (let y = 0; y < screen.rows; y++) {
    const turn = y < changing ? frame : 0;
    for (let x = 0; x < screen.columns; x += CELL_COLUMNS) {
      // A linear congruence: digits that look like chance, the same in each run.
      const value = Math.abs(((y * 31 + x * 7 + turn * 12345) * 1103515245 + 12345) % 1_000_000);
      const style = heat[value % heat.length] ?? 0;
      screen.fit(x, y, `${(value / 10).toFixed(1)} kB/s`, style, CELL_COLUMNS - 1, "right");
    }
  }
}

/** The cursor home, and every cell with its style: what a program without a memory of the last frame sends. */
function naiveFrame(screen: Screen, styles: StyleTable): string {
  let sent = "\x1b[H";
  for (let y = 0; y < screen.rows; y++) {
    if (y > 0) sent += "\r\n";
    let style = 0;
    for (let x = 0; x < screen.columns; x++) {
      const cell = y * screen.columns + x;
      const cellStyle = screen.styles[cell] ?? 0;
      if (cellStyle !== style) sent += styles.rendition(style, cellStyle);
      style = cellStyle;
      sent += String.fromCodePoint(screen.characters[cell] ?? 0);
    }
    sent += styles.rendition(style, 0);
  }
  return sent;
}

function millisecondsOf<Result>(action: () => Result): { readonly result: Result; readonly ms: number } {
  const begunMs = performance.now();
  const result = action();
  return { result, ms: performance.now() - begunMs };
}
