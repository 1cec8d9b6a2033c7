import { setImmediate as nextTurn } from "node:timers/promises";

import { inTurns } from "../src/cli/in-turns.js";
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
import { type Row, row, type Section } from "./report.js";
import { SyntheticConnections } from "./synthetic-sample.js";

const COUNTS = [1_000, 10_000, 100_000];
const SIZES: readonly Size[] = [
  { columns: 80, rows: 24 },
  { columns: 200, rows: 50 },
];
const KEYS = ["down", "page-down", "down", "up"] as const;
const NO_COST = { cpuShare: null, residentBytes: null, kernelShare: null };

/** The live view without a terminal: samples and keys into frames. No kernel: CPU time is wall time. */
export async function liveCost(plan: Plan): Promise<Section> {
  const rows: Row[] = [];
  for (const count of COUNTS) for (const size of SIZES) rows.push(...(await rowsFor(count, size, plan)));
  return { title: "The live view: from a sample, or a key, to what is sent", rows };
}

async function rowsFor(count: number, size: Size, plan: Plan): Promise<readonly Row[]> {
  const synthetic = new SyntheticConnections(count);
  const table = new ConnectionTable({ lingerMs: 0 });
  const drawing = new Drawing(size);
  const snapshotMs: number[] = [];
  const frameMs: number[] = [];
  const keyMs: number[] = [];
  const waitMs: number[] = [];
  const bytes: number[] = [];
  for (let tick = -plan.syntheticWarmTicks; tick < plan.syntheticTicks; tick++) {
    const sample = synthetic.next(Math.ceil(count / 10));
    const key = new WaitingKey();
    const snapshot = await inTurns(table.applyInSteps(sample));
    const shown = millisecondsOf(() => drawing.view.show(snapshot, NO_COST));
    const frame = millisecondsOf(() => drawing.frame());
    const longestWaitMs = await key.end();
    const keys = KEYS.map((name) => millisecondsOf(() => drawing.press(name)).ms);
    if (tick < 0) continue;
    snapshotMs.push(shown.ms);
    frameMs.push(frame.ms);
    keyMs.push(...keys);
    waitMs.push(longestWaitMs);
    bytes.push(Buffer.byteLength(frame.result));
  }
  const what = `${count} connections, ${size.columns}x${size.rows}`;
  return [
    row(`${what}: a snapshot filtered and sorted`, "ms", snapshotMs),
    row(`${what}: a frame, from the state to what is sent`, "ms", frameMs),
    row(`${what}: a key, to what is sent`, "ms", keyMs),
    row(`${what}: the longest that a key waits while a sample is taken`, "ms", waitMs),
    row(`${what}: sent for a frame`, "bytes", bytes),
  ];
}

/** A key that could come at any time: how long at most it would have waited for its turn. */
class WaitingKey {
  #longestMs = 0;
  #lastMs = performance.now();
  #isOver = false;
  readonly #ended: Promise<void>;

  constructor() {
    this.#ended = this.#watch();
  }

  async end(): Promise<number> {
    this.#isOver = true;
    await this.#ended;
    return this.#longestMs;
  }

  async #watch(): Promise<void> {
    while (!this.#isOver) {
      await nextTurn();
      const nowMs = performance.now();
      this.#longestMs = Math.max(this.#longestMs, nowMs - this.#lastMs);
      this.#lastMs = nowMs;
    }
  }
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
