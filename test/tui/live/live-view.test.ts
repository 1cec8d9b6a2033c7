import { describe, expect, test } from "vitest";
import type { Snapshot } from "../../../src/model/snapshot.js";
import type { KeyEvent } from "../../../src/tui/input/input-event.js";
import { KEPT_SNAPSHOTS } from "../../../src/tui/live/column-widths.js";
import { KeyBindings } from "../../../src/tui/live/key-table.js";
import { LiveView } from "../../../src/tui/live/live-view.js";
import { DEFAULT_SETTINGS } from "../../../src/tui/live/settings.js";
import { snapshotOf } from "./example-state.js";

const SIZE = { columns: 120, rows: 40 };
const NO_COST = { cpuShare: null, residentBytes: null, kernelShare: null };

function liveView(): LiveView {
  return new LiveView({
    host: "web1",
    rung: "fentry",
    size: SIZE,
    intervalMs: 1000,
    settings: DEFAULT_SETTINGS,
    canKill: true,
    keys: new KeyBindings(),
    chartSymbols: "braille",
  });
}

function press(view: LiveView, ...keys: readonly string[]): void {
  for (const key of keys) {
    const event: KeyEvent = { kind: "key", key, text: key.length === 1 ? key : "" };
    view.handle(event);
  }
}

/** A snapshot, in which all that moves is as many as its number. */
function numbered(tick: number): Snapshot {
  const snapshot = snapshotOf(
    { id: "1", txRate: 1000 * tick, rttUs: tick, retrans: tick * tick },
    { id: "2", txRate: tick, rttUs: 2 * tick },
  );
  const totals = { ...snapshot.totals, txRate: 1001 * tick };
  return { ...snapshot, timeMs: snapshot.timeMs + 1000 * tick, totals };
}

function show(view: LiveView, ...ticks: readonly number[]): void {
  for (const tick of ticks)
    view.show(numbered(tick), { cpuShare: tick / 100, residentBytes: tick * 1e6, kernelShare: null });
}

/** All that is on the screen, but for the line of the keys. */
function above(view: LiveView): string {
  const lines = view.lines().slice(0, -1);
  return lines.map(({ spans }) => spans.map(({ text }) => text).join("")).join("\n");
}

test.each([
  ["the table", []],
  ["a page that was opened", ["enter"]],
  ["the filter", ["f", "escape"]],
  ["the menu of columns", ["c", "escape"]],
  ["the question whether to close it", ["K", "n"]],
  ["the page of another row, and back", ["down", "enter", "q", "up"]],
])("while numbers are held, what is shown is of that moment: %s", (_, keys) => {
  const [held, later] = [liveView(), liveView()];
  for (const view of [held, later]) {
    // So that both have chosen a row.
    press(view, "down", "up");
    show(view, 1, 2, 3);
    press(view, "down", "up", "p");
  }
  press(held, ...keys);
  show(later, 4, 5, 6);
  press(later, ...keys);
  expect(above(later)).toBe(above(held));
  expect(above(later)).toContain("numbers held");
});

test("step and release go on to what is now, all of it", () => {
  for (const key of [".", "p"]) {
    const view = liveView();
    show(view, 1, 2, 3);
    press(view, "enter", "p");
    show(view, 4, 5);
    expect(view.state.rowPast.at(-1)).toMatchObject({ txRate: 3000 });
    press(view, key);
    expect(view.state.rowPast.at(-1)).toMatchObject({ txRate: 5000, rttUs: 5 });
    expect(view.state.past.map(({ txRate }) => txRate)).toEqual([1001, 2002, 3003, 4004, 5005]);
    expect(view.state.cost).toMatchObject({ cpuShare: 0.05 });
  }
});

describe("the addresses that can have names are those on the screen", () => {
  const hosts = snapshotOf(
    { id: "1", localAddr: "10.0.0.1", remoteAddr: "192.0.2.1", txRate: 9 },
    { id: "2", localAddr: "10.0.0.1", remoteAddr: "192.0.2.2", txRate: 1 },
  );

  test.each([
    ["remote ends", [], ["192.0.2.1", "192.0.2.2"]],
    ["of a page both ends", ["down", "enter"], ["10.0.0.1", "192.0.2.2", "192.0.2.1"]],
    ["also while K asks", ["enter", "K"], ["10.0.0.1", "192.0.2.1", "192.0.2.2"]],
    ["groups of hosts", ["t", "t"], ["192.0.2.1", "192.0.2.2"]],
    ["no other groups", ["t"], []],
  ])("%s", (_, keys, expected) => {
    const view = liveView();
    view.show(hosts, NO_COST);
    press(view, ...keys);
    expect([...view.addresses()]).toEqual(expected);
  });

  test("and only as many rows as fit", () => {
    const view = liveView();
    view.resize({ columns: 80, rows: 3 });
    view.show(hosts, NO_COST);
    expect([...view.addresses()]).toEqual(["192.0.2.1"]);
  });
});

describe("columns keep their places", () => {
  const NARROW = { columns: 80, rows: 24 };

  /** One connection with so many segments sent again, in a snapshot of that number. */
  function resent(view: LiveView, tick: number, retrans: number): void {
    const snapshot = snapshotOf({ id: "1", retrans });
    view.show({ ...snapshot, timeMs: snapshot.timeMs + 1000 * tick }, NO_COST);
  }

  /** Where the title of the column of states begins. */
  function place(view: LiveView): number {
    return above(view).split("\n")[4]?.indexOf("STATE") ?? -1;
  }

  /** A view in which one snapshot had a wide number. */
  function widened(): LiveView {
    const view = liveView();
    view.resize(NARROW);
    resent(view, 0, 2);
    expect(place(view)).toBe(45);
    resent(view, 1, 1_234_567);
    expect(place(view)).toBe(42);
    return view;
  }

  test("for some snapshots after a wide number", () => {
    const view = widened();
    for (let tick = 1; tick < KEPT_SNAPSHOTS; tick++) {
      resent(view, 1 + tick, 2);
      expect(place(view)).toBe(42);
    }
    resent(view, 1 + KEPT_SNAPSHOTS, 2);
    expect(place(view)).toBe(45);
  });

  test("while numbers are held, also when later ones are narrow", () => {
    const view = widened();
    press(view, "p");
    for (let tick = 0; tick < 3 * KEPT_SNAPSHOTS; tick++) resent(view, 2 + tick, 2);
    press(view, "down", "up", "?", "escape");
    expect(place(view)).toBe(42);
  });

  test("but not in a table that is another", () => {
    for (const keys of [["s", "enter"], [">"], ["a"], ["t", "t", "t", "t", "t", "t", "t"]]) {
      const view = widened();
      resent(view, 2, 2);
      press(view, ...keys);
      expect(place(view)).toBe(45);
    }
    const view = widened();
    resent(view, 2, 2);
    view.resize({ ...NARROW });
    expect(place(view)).toBe(45);
  });
});

test("a page without charts says why", () => {
  const view = liveView();
  show(view, 1);
  press(view, "enter");
  expect(above(view)).toMatch(/^ history {5}begins now/m);
  show(view, 2);
  expect(above(view)).not.toContain("history");
});

test("a page of what has ended promises no charts", () => {
  const view = liveView();
  view.show(snapshotOf({ id: "1", closed: true, change: "closed", endReason: "fin" }), NO_COST);
  press(view, "enter");
  expect(above(view)).toMatch(/^ history {5}too little is kept for a chart/m);
});

test("a page of what has no history from before the numbers were held says what would show it", () => {
  const view = liveView();
  // One row: of what is below it there is no history.
  view.resize({ columns: 80, rows: 4 });
  show(view, 1, 2);
  press(view, "p", "down", "enter");
  view.resize(SIZE);
  show(view, 3, 4);
  expect(above(view)).toMatch(/^ history {5}none is kept of this moment; \. goes on to what is now/m);
  press(view, ".");
  expect(view.state.rowPast.map(({ txRate }) => txRate)).toEqual([3, 4]);
  expect(above(view)).not.toContain("history");
});

test("the page stays, with its charts, while it is asked whether to close the connection", () => {
  const view = liveView();
  show(view, 1, 2);
  press(view, "enter", "K");
  show(view, 3);
  expect(view.state.overlay.kind).toBe("confirm-kill");
  expect(view.state.rowPast.at(-1)).toMatchObject({ txRate: 3000 });
  const asked = above(view);
  press(view, "n");
  expect(above(view)).toBe(asked);
});
