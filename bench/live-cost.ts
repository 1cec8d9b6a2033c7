import { ConnectionTable } from "../src/engine/connection-table.js";
import { paint } from "../src/tui/draw/paint.js";
import { KeyBindings } from "../src/tui/live/key-table.js";
import { LiveView } from "../src/tui/live/live-view.js";
import { DEFAULT_SETTINGS } from "../src/tui/live/settings.js";
import { encodeFrame } from "../src/tui/screen/frame.js";
import { Screen, type Size } from "../src/tui/screen/screen.js";
import { StyleTable } from "../src/tui/screen/style-table.js";
import { themeOf } from "../src/tui/theme/theme.js";
import type { Plan } from "./plan.js";
import { row, type Section } from "./report.js";
import { SyntheticConnections } from "./synthetic-sample.js";

const COUNTS = [1_000, 10_000, 100_000];
const SIZES: readonly Size[] = [
  { columns: 80, rows: 24 },
  { columns: 200, rows: 50 },
];
const KEYS = ["down", "page-down", "down", "up"] as const;
const NO_COST = { cpuShare: null, residentBytes: null, kernelShare: null };

/** The live view without a terminal: snapshots and keys into frames. No kernel: CPU time is wall time. */
export function liveCost(plan: Plan): Section {
  return {
    title: "The live view: from a snapshot, or a key, to what is sent",
    rows: COUNTS.flatMap((count) => SIZES.flatMap((size) => rowsFor(count, size, plan))),
  };
}

function rowsFor(count: number, size: Size, plan: Plan) {
  const synthetic = new SyntheticConnections(count);
  const table = new ConnectionTable({ lingerMs: 0 });
  const drawing = new Drawing(size);
  const cost = { snapshotMs: [] as number[], frameMs: [] as number[], keyMs: [] as number[] };
  const bytes: number[] = [];
  for (let tick = -plan.syntheticWarmTicks; tick < plan.syntheticTicks; tick++) {
    const snapshot = table.apply(synthetic.next(Math.ceil(count / 10)));
    const snapshotMs = millisecondsOf(() => drawing.view.show(snapshot, NO_COST)).ms;
    const frame = millisecondsOf(() => drawing.frame());
    const keys = KEYS.map((key) => millisecondsOf(() => drawing.press(key)).ms);
    if (tick < 0) continue;
    cost.snapshotMs.push(snapshotMs);
    cost.frameMs.push(frame.ms);
    cost.keyMs.push(...keys);
    bytes.push(Buffer.byteLength(frame.result));
  }
  const what = `${count} connections, ${size.columns}x${size.rows}`;
  return [
    row(`${what}: a snapshot filtered and sorted`, "ms", cost.snapshotMs),
    row(`${what}: a frame, from the state to what is sent`, "ms", cost.frameMs),
    row(`${what}: a key, to what is sent`, "ms", cost.keyMs),
    row(`${what}: sent for a frame`, "bytes", bytes),
  ];
}

/** A view with two screens that take turns, as the terminal's owner has them. */
class Drawing {
  readonly view: LiveView;
  readonly #styles = new StyleTable();
  readonly #look = themeOf(this.#styles, "256", "dark");
  #next: Screen;
  #shown: Screen;

  constructor(size: Size) {
    this.#next = new Screen(size, "utf-8");
    this.#shown = new Screen(size, "utf-8");
    this.view = new LiveView({
      host: "host",
      rung: "tracepoint",
      size,
      intervalMs: 1000,
      settings: DEFAULT_SETTINGS,
      canKill: false,
      keys: new KeyBindings(),
      chartSymbols: "braille",
    });
  }

  frame(): string {
    const screen = this.#next;
    screen.clear();
    paint(screen, this.view.lines(), this.#look);
    const sent = encodeFrame(this.#shown, screen, this.#styles);
    this.#next = this.#shown;
    this.#shown = screen;
    return sent;
  }

  press(key: string): string {
    this.view.handle({ kind: "key", key, text: "" });
    return this.frame();
  }
}

function millisecondsOf<Result>(action: () => Result): { readonly result: Result; readonly ms: number } {
  const begunMs = performance.now();
  const result = action();
  return { result, ms: performance.now() - begunMs };
}
