import type { Connection } from "../../../src/model/connection.js";
import { emptySnapshot, type Snapshot } from "../../../src/model/snapshot.js";
import { KeyBindings } from "../../../src/tui/live/key-table.js";
import { press } from "../../../src/tui/live/press.js";
import { DEFAULT_SETTINGS } from "../../../src/tui/live/settings.js";
import { initialState, type LiveState, takeSnapshot } from "../../../src/tui/live/state.js";
import type { Step } from "../../../src/tui/live/step.js";
import { exampleConnection, READ_NS } from "../../model/example-connection.js";

/** A snapshot of connections, each made from what is given. */
export function snapshotOf(...connections: readonly Partial<Connection>[]): Snapshot {
  return {
    ...emptySnapshot(),
    timeMs: Date.UTC(2026, 10, 23, 12, 0, 0),
    readNs: READ_NS,
    intervalMs: 1000,
    connections: connections.map(exampleConnection),
  };
}

/** Connections called by their ids, of which the first is the busiest. */
export function named(...ids: readonly string[]): Snapshot {
  return snapshotOf(
    ...ids.map((id, index) => ({
      id,
      cookie: Number(id),
      txRate: 1000 - index,
      rxRate: 0,
      comm: `comm-${id}`,
    })),
  );
}

export function exampleState(snapshot: Snapshot, changes: Partial<LiveState> = {}): LiveState {
  const state = initialState({
    host: "web1",
    rung: "fentry",
    size: { columns: 80, rows: 24 },
    intervalMs: 1000,
    settings: DEFAULT_SETTINGS,
    canKill: false,
    keys: new KeyBindings(),
    chartSymbols: "braille",
  });
  return takeSnapshot({ ...state, ...changes }, snapshot);
}

/** After some keys, in order. */
export function pressed(state: LiveState, ...keys: readonly string[]): Step {
  return keys.reduce<Step>((step, key) => press(step.state, key), { state, effect: null });
}

/** The keys of a text. */
export function typing(text: string): readonly string[] {
  return [...text].map((character) => (character === " " ? "space" : character));
}

/** The keys of the rows, from the top. */
export function keysOf(state: LiveState): readonly string[] {
  return state.rows.all().map(({ key }) => key);
}

export function selectedKeyOf(state: LiveState): string | undefined {
  return state.rows.at(state.selectedIndex)?.key;
}
