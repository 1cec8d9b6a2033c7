import type { Connection } from "../../model/connection.js";
import type { Snapshot } from "../../model/snapshot.js";
import { frameOf } from "../draw/frame.js";
import type { Line } from "../draw/line.js";
import type { InputEvent } from "../input/input-event.js";
import type { Size } from "../screen/screen.js";
import { History } from "./history.js";
import { click, wheel } from "./mouse.js";
import { press } from "./press.js";
import { pasteIntoPrompt } from "./prompt.js";
import {
  initialState,
  type LiveOptions,
  type LiveState,
  type OwnCost,
  takeSnapshot,
  visibleRows,
  withSelection,
} from "./state.js";
import { type Effect, type Step, still } from "./step.js";

/** The live view without a terminal and without a clock: what comes in changes its state, and lines come out. */
export class LiveView {
  #state: LiveState;
  readonly #history = new History();

  constructor(options: LiveOptions) {
    this.#state = initialState(options);
  }

  get state(): LiveState {
    return this.#state;
  }

  lines(): readonly Line[] {
    return frameOf(this.#state);
  }

  show(snapshot: Snapshot, cost: OwnCost): void {
    this.#state = takeSnapshot({ ...this.#state, cost }, snapshot);
    this.#history.add(snapshot, this.#watched(snapshot));
    // Charts are numbers, too: they are held with them.
    if (!this.#state.isPaused) this.#refreshPast();
  }

  /** What the user did; returns what has to happen outside. */
  handle(event: InputEvent): Effect | null {
    const before = this.#state;
    const { state, effect } = this.#step(event);
    this.#state = state;
    if (state.shown !== before.shown || state.overlay !== before.overlay) this.#refreshPast();
    return effect;
  }

  resize(size: Size): void {
    const resized = { ...this.#state, size };
    this.#state = resized.selectedKey === null ? resized : withSelection(resized, resized.selectedIndex);
  }

  /** Says something once. */
  say(notice: string): void {
    this.#state = { ...this.#state, notice };
  }

  setHostNames(hostNames: ReadonlyMap<string, string>): void {
    this.#state = { ...this.#state, hostNames };
  }

  /** The connections that are on the screen. */
  visible(): readonly Connection[] {
    const { rows, top, size } = this.#state;
    const shown = rows.slice(top, top + visibleRows(size));
    return shown.flatMap((row) => (row.kind === "connection" ? [row.connection] : []));
  }

  #step(event: InputEvent): Step {
    const state = this.#state;
    switch (event.kind) {
      case "key":
        return press(state, event.text.length > 0 && event.key !== "space" ? event.text : event.key);
      case "paste":
        return still(
          state.overlay.kind === "prompt" ? pasteIntoPrompt(state, state.overlay.prompt, event.text) : state,
        );
      case "mouse":
        if (event.action === "wheel-up" || event.action === "wheel-down")
          return wheel(state, event.action === "wheel-down" ? 1 : -1);
        return event.action === "press" && event.button === "left"
          ? click(state, event.x, event.y)
          : still(state);
      default:
        return still(state);
    }
  }

  /** Of the whole host the history is short; of what is on the screen it goes on, also while the numbers are held. */
  #watched({ connections }: Snapshot): readonly Connection[] {
    const { overlay, isPaused } = this.#state;
    const detailKey = overlay.kind === "detail" ? overlay.key : null;
    const visible = this.visible();
    if (!isPaused && detailKey === null) return visible;
    const ids = new Set(visible.map(({ id }) => id)).add(detailKey ?? "");
    return connections.filter(({ id }) => ids.has(id));
  }

  #refreshPast(): void {
    const { overlay } = this.#state;
    const past = this.#history.totals.last(Number.POSITIVE_INFINITY);
    const rowPast = overlay.kind === "detail" ? this.#history.of(overlay.key) : [];
    this.#state = { ...this.#state, past, rowPast };
  }
}
