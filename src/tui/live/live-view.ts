import type { Connection } from "../../model/connection.js";
import type { Snapshot } from "../../model/snapshot.js";
import { frameOf } from "../draw/frame.js";
import type { Line } from "../draw/line.js";
import { neededWidths } from "../draw/table.js";
import type { InputEvent } from "../input/input-event.js";
import type { Size } from "../screen/screen.js";
import { ColumnWidths, hasOtherRows, isSameTable } from "./column-widths.js";
import { History } from "./history.js";
import { click, wheel } from "./mouse.js";
import { press } from "./press.js";
import { pasteIntoPrompt } from "./prompt.js";
import type { LiveRow } from "./row-list.js";
import {
  initialState,
  type LiveOptions,
  type LiveState,
  type OwnCost,
  pageLookedAt,
  takeSnapshot,
  visibleRows,
  withRowAt,
} from "./state.js";
import { type Effect, type Step, still } from "./step.js";

/** The live view without a terminal and without a clock: what comes in changes its state, and lines come out. */
export class LiveView {
  #state: LiveState;
  readonly #history = new History();
  readonly #widths = new ColumnWidths();
  /** The newest, whatever is shown. */
  #cost: OwnCost;
  /** The number that the history has for the snapshot that is shown. */
  #shownTick = 0;

  constructor(options: LiveOptions) {
    this.#state = initialState(options);
    this.#cost = this.#state.cost;
  }

  get state(): LiveState {
    return this.#state;
  }

  lines(): readonly Line[] {
    return frameOf(this.#state);
  }

  show(snapshot: Snapshot, cost: OwnCost): void {
    const before = this.#state;
    this.#cost = cost;
    this.#state = takeSnapshot(before, snapshot);
    this.#history.add(snapshot, this.#watched(snapshot));
    this.#follow(before);
    this.#layOut(before);
  }

  /** What the user did; returns what has to happen outside. */
  handle(event: InputEvent): Effect | null {
    const before = this.#state;
    const { state, effect } = this.#step(event);
    this.#state = state;
    this.#follow(before);
    this.#layOut(before);
    return effect;
  }

  resize(size: Size): void {
    const before = this.#state;
    const resized = { ...before, size };
    this.#state = resized.selectedKey === null ? resized : withRowAt(resized, resized.selectedIndex);
    this.#layOut(before);
  }

  /** Says something once. */
  say(notice: string): void {
    this.#state = { ...this.#state, notice };
  }

  setHostNames(hostNames: ReadonlyMap<string, string>): void {
    const before = this.#state;
    this.#state = { ...before, hostNames };
    this.#layOut(before);
  }

  /** The addresses that are on the screen where a name can stand. */
  addresses(): ReadonlySet<string> {
    const page = pageLookedAt(this.#state);
    const addresses = this.#visibleRows().flatMap((row): readonly string[] => {
      if (row.kind === "connection") return [row.connection.remoteAddr];
      const { by, key } = row.group;
      return by === "remote" && key !== null ? [String(key)] : [];
    });
    return new Set(page === null ? addresses : [page.last.localAddr, page.last.remoteAddr, ...addresses]);
  }

  #visibleRows(): readonly LiveRow[] {
    const { rows, top, size } = this.#state;
    return rows.slice(top, top + visibleRows(size));
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
    const page = pageLookedAt(this.#state);
    const visible = this.#visibleRows().flatMap((row) => (row.kind === "connection" ? [row.connection] : []));
    if (!this.#state.isPaused && page === null) return visible;
    const ids = new Set(visible.map(({ id }) => id)).add(page?.key ?? "");
    return connections.filter(({ id }) => ids.has(id));
  }

  /** Columns keep their widths for a while, as long as it is the same table. */
  #layOut(before: LiveState): void {
    const state = this.#state;
    if (!hasOtherRows(before, state)) return;
    if (!isSameTable(before, state)) this.#widths.forget();
    this.#state = { ...state, widths: this.#widths.take(neededWidths(state), state.shown !== before.shown) };
  }

  /** What belongs to the snapshot that is shown comes, and is held, with it: charts, and what tcptop itself takes. */
  #follow(before: LiveState): void {
    if (this.#state.shown !== before.shown) {
      this.#shownTick = this.#history.tick;
      this.#state = { ...this.#state, cost: this.#cost, past: this.#history.totals.until(this.#shownTick) };
    } else if (pageLookedAt(this.#state)?.key === pageLookedAt(before)?.key) {
      return;
    }
    const page = pageLookedAt(this.#state);
    const rowPast = page === null ? [] : this.#history.of(page.key, this.#shownTick);
    this.#state = { ...this.#state, rowPast };
  }
}
