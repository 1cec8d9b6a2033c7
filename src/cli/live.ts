import { hostname } from "node:os";

import { HostNames, systemReverse } from "../collect/enrichment/host-names.js";
import type { NetworkCollector } from "../collect/network-collector.js";
import { type Look, paint } from "../tui/draw/paint.js";
import type { InputEvent } from "../tui/input/input-event.js";
import { LiveView } from "../tui/live/live-view.js";
import type { LiveOptions } from "../tui/live/state.js";
import type { Effect } from "../tui/live/step.js";
import { StyleTable } from "../tui/screen/style-table.js";
import { Terminal, type TerminalEnd, type TerminalOptions } from "../tui/terminal/terminal.js";
import { type Background, backgroundOf } from "../tui/theme/background.js";
import type { ColorDepth } from "../tui/theme/environment.js";
import { themeOf } from "../tui/theme/theme.js";
import { closeConnection } from "./close-connection.js";
import { connectionsOf, lastFrame } from "./last-frame.js";
import { OwnCostMeter } from "./own-cost.js";
import { PatientSource } from "./patient-source.js";
import { saveSnapshot } from "./save-snapshot.js";

/** How long the kernel may take before the screen says that it does not answer. */
const PATIENCE_MS = 1000;
/** The longest that ended connections can be asked to stay. */
const LINGER_MS = 30_000;
const BACKGROUND_MS = 200;

export interface LiveRequest {
  readonly options: Omit<LiveOptions, "host" | "rung" | "size">;
  readonly colorDepth: ColorDepth;
  /** What to take for the terminal's background, until it has answered where it `asksBackground`. */
  readonly background: Background;
  readonly asksBackground: boolean;
  readonly charset: "utf-8" | "ascii";
  readonly terminal: Pick<TerminalOptions, "input" | "output" | "discardUnread">;
  /** null: until the user quits. */
  readonly count: number | null;
}

/**
 * Shows connections on a terminal until the user has enough, or so many snapshots were shown as were asked for: then it
 * resolves to the last of them as text, to stay there; null else. @throws TcptopError `failed` when collecting fails.
 */
export function runLive(request: LiveRequest, collector: NetworkCollector): Promise<string | null> {
  return new LiveRun(request, collector).run();
}

/** The live view, between a terminal and a collector. */
class LiveRun {
  readonly #request: LiveRequest;
  readonly #collector: NetworkCollector;
  readonly #source: PatientSource;
  readonly #terminal: Terminal;
  readonly #view: LiveView;
  readonly #styles = new StyleTable();
  readonly #names = new HostNames({
    reverse: systemReverse(),
    nowMs: () => performance.now(),
    onName: () => this.#draw(),
  });
  readonly #meter: OwnCostMeter;
  #look: Look;
  #intervalMs: number;
  #timer: NodeJS.Timeout | null = null;
  #isSampling = false;
  #samples = 0;
  #lastMs = Number.NEGATIVE_INFINITY;
  #finish: (failure: unknown) => void = () => {};
  readonly #finished: Promise<unknown>;

  constructor(request: LiveRequest, collector: NetworkCollector) {
    this.#request = request;
    this.#collector = collector;
    this.#meter = new OwnCostMeter(collector);
    this.#intervalMs = request.options.intervalMs;
    this.#source = new PatientSource(collector, Math.max(this.#intervalMs, PATIENCE_MS), LINGER_MS);
    this.#finished = new Promise((resolve) => {
      this.#finish = resolve;
    });
    this.#terminal = new Terminal(
      { ...request.terminal, charset: request.charset, styles: this.#styles, mouse: true },
      {
        onInput: (event) => this.#onInput(event),
        onRedraw: () => this.#onRedraw(),
        onEnd: (end) => this.#onEnd(end),
      },
    );
    this.#look = themeOf(this.#styles, request.colorDepth, request.background);
    const { size } = this.#terminal;
    this.#view = new LiveView({ ...request.options, host: hostname(), rung: collector.rung, size });
  }

  async run(): Promise<string | null> {
    try {
      this.#draw();
      void this.#askBackground();
      void this.#sample();
      const failure = await this.#finished;
      if (failure !== null) throw failure;
      return this.#samples === this.#request.count ? lastFrame(this.#view.state) : null;
    } finally {
      if (this.#timer !== null) clearTimeout(this.#timer);
      this.#meter.close();
      this.#terminal.release();
    }
  }

  /** A terminal with a background of the other kind than it was taken for is drawn anew. */
  async #askBackground(): Promise<void> {
    const { asksBackground, colorDepth } = this.#request;
    const background = asksBackground
      ? backgroundOf(await this.#terminal.askBackground(BACKGROUND_MS))
      : null;
    if (background === null) return;
    this.#look = themeOf(this.#styles, colorDepth, background);
    this.#draw();
  }

  /** One at a time; the next is due an interval after this one was begun. */
  async #sample(): Promise<void> {
    if (this.#isSampling) return;
    this.#isSampling = true;
    this.#lastMs = performance.now();
    try {
      const snapshot = await this.#source.next();
      this.#samples += 1;
      this.#view.show(snapshot, this.#meter.look());
      this.#draw();
      if (this.#samples === this.#request.count) this.#finish(null);
    } catch (error) {
      this.#finish(error);
      return;
    } finally {
      this.#isSampling = false;
    }
    this.#schedule();
  }

  #schedule(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    const restMs = this.#lastMs + this.#intervalMs - performance.now();
    this.#timer = setTimeout(() => void this.#sample(), Math.max(0, restMs));
  }

  #draw(): void {
    const { names } = this.#view.state.settings;
    if (names) this.#view.setHostNames(this.#namesOnScreen());
    const lines = this.#view.lines();
    this.#terminal.draw((screen) => paint(screen, lines, this.#look));
  }

  #namesOnScreen(): ReadonlyMap<string, string> {
    const names = new Map<string, string>();
    for (const address of this.#view.addresses()) {
      const name = this.#names.nameOf(address);
      if (name !== null) names.set(address, name);
    }
    return names;
  }

  #onInput(event: InputEvent): void {
    const effect = this.#view.handle(event);
    if (effect !== null) this.#carryOut(effect);
    this.#draw();
  }

  #onRedraw(): void {
    this.#view.resize(this.#terminal.size);
    this.#draw();
  }

  #onEnd(end: TerminalEnd): void {
    // SIGINT and the rest are how people end it; a terminal that is gone has nobody to tell.
    this.#finish(end.kind === "lost" || end.kind === "signal" ? null : end);
  }

  #carryOut(effect: Effect): void {
    switch (effect.kind) {
      case "quit":
        this.#finish(null);
        return;
      case "suspend":
        this.#terminal.suspend();
        return;
      case "redraw":
        this.#terminal.redraw();
        return;
      case "interval":
        this.#intervalMs = effect.intervalMs;
        this.#schedule();
        return;
      case "kill":
        this.#view.say(closeConnection(effect.connection, this.#collector.rung));
        return;
      case "save":
        this.#view.say(this.#save());
    }
  }

  #save(): string {
    const { host, shown, rows } = this.#view.state;
    const connections = connectionsOf(rows.all());
    return saveSnapshot({ host, rung: this.#collector.rung, snapshot: shown, rows: connections });
  }
}
