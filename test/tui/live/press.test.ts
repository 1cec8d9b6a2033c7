import { describe, expect, test } from "vitest";
import { COLUMN_CHOICES } from "../../../src/model/column-choices.js";
import { LIVE_COLUMNS } from "../../../src/model/screen-columns.js";
import { frameOf } from "../../../src/tui/draw/frame.js";
import type { Line } from "../../../src/tui/draw/line.js";
import { KEY_TABLE, KeyBindings } from "../../../src/tui/live/key-table.js";
import {
  type LiveState,
  linesAbove,
  pageLookedAt,
  takeSnapshot,
  visibleRows,
} from "../../../src/tui/live/state.js";
import { exampleState, keysOf, named, pressed, selectedKeyOf, snapshotOf, typing } from "./example-state.js";

function textOf(line: Line | undefined): string {
  return line?.spans.map(({ text }) => text).join("") ?? "";
}

/** The name of the column that a menu stands at. */
function menuNameOf(state: LiveState): string {
  const { overlay } = state;
  return overlay.kind === "menu" ? (overlay.listed[overlay.index]?.title ?? "none") : "none";
}

describe("moving", () => {
  test("the selection stays with the connection that was chosen", () => {
    const { state } = pressed(exampleState(named("1", "2", "3")), "down");
    expect(selectedKeyOf(state)).toBe("2");
    const next = takeSnapshot(state, named("3", "1", "2"));
    expect(selectedKeyOf(next)).toBe("2");
    expect(next.selectedIndex).toBe(2);
  });

  test("it stays at the top until one is chosen, and after home", () => {
    const state = takeSnapshot(exampleState(named("1", "2")), named("2", "1"));
    expect(selectedKeyOf(state)).toBe("2");
    const home = pressed(state, "down", "home").state;
    expect(selectedKeyOf(takeSnapshot(home, named("1", "2")))).toBe("1");
  });

  test("when the chosen one is gone, the line stays", () => {
    const { state } = pressed(exampleState(named("1", "2", "3")), "down");
    expect(selectedKeyOf(takeSnapshot(state, named("1", "3", "4")))).toBe("3");
  });

  test("the selected row is always on the screen, and the last page is full", () => {
    const ids = Array.from({ length: 100 }, (_, index) => String(index + 1));
    const start = exampleState(named(...ids));
    const page = visibleRows(start.size);
    const keys = ["end", "up", "page-up", "page-up", "page-down", "k", "j", "home", "page-down"];
    let state = start;
    for (const key of keys) {
      state = pressed(state, key).state;
      expect(state.selectedIndex).toBeGreaterThanOrEqual(state.top);
      expect(state.selectedIndex).toBeLessThan(state.top + page);
    }
    expect(pressed(start, "G").state.top).toBe(100 - page);
    expect(pressed(start, "up").state.selectedIndex).toBe(0);
  });
});

describe("time", () => {
  test("held numbers stay, collecting goes on, a step shows what is now", () => {
    const held = pressed(exampleState(named("1")), "p").state;
    const later = takeSnapshot(held, named("1", "2"));
    expect(keysOf(later)).toEqual(["1"]);
    expect(keysOf(pressed(later, ".").state)).toEqual(["1", "2"]);
    expect(pressed(later, ".").state.isPaused).toBe(true);
    const going = pressed(later, "p").state;
    expect(going.isPaused).toBe(false);
    expect(keysOf(going)).toEqual(["1", "2"]);
  });

  test("the interval, within its limits", () => {
    const state = exampleState(named("1"));
    const asked = pressed(state, "d", "ctrl+u", ...typing("0.5"), "enter");
    expect(asked.effect).toEqual({ kind: "interval", intervalMs: 500 });
    expect(asked.state.intervalMs).toBe(500);
    for (const wrong of ["0", "", "x", "3601", "-1"]) {
      const refused = pressed(state, "d", "ctrl+u", ...typing(wrong), "enter");
      expect(refused.effect).toBeNull();
      expect(refused.state.overlay).toMatchObject({
        kind: "prompt",
        prompt: { error: { message: "from 0.1 to 3600 seconds" } },
      });
      expect(pressed(refused.state, "escape").state.intervalMs).toBe(1000);
    }
  });

  test("a held order keeps rows in their places, and new ones come last", () => {
    const held = pressed(exampleState(named("1", "2", "3")), "o").state;
    expect(keysOf(takeSnapshot(held, named("4", "3", "1", "2")))).toEqual(["1", "2", "3", "4"]);
    const free = pressed(takeSnapshot(held, named("3", "1")), "o").state;
    expect(keysOf(free)).toEqual(["3", "1"]);
  });
});

describe("finding", () => {
  test("a filter is taken with Enter, and dropped with Escape", () => {
    const state = exampleState(snapshotOf({ id: "1", comm: "nginx" }, { id: "2", comm: "curl" }));
    const typed = pressed(state, "f", ...typing("comm = curl"));
    expect(keysOf(typed.state)).toEqual(["1", "2"]);
    const filtered = pressed(typed.state, "enter").state;
    expect(keysOf(filtered)).toEqual(["2"]);
    expect(keysOf(pressed(filtered, "escape").state)).toEqual(["1", "2"]);
  });

  test("what is wrong with a filter is said where it is, and Enter does not take it", () => {
    const { state } = pressed(exampleState(named("1")), "f", ...typing("rtt > 5 parsecs"), "enter");
    expect(state.overlay).toMatchObject({
      kind: "prompt",
      prompt: { asks: "filter", error: { start: 6, end: 7 } },
    });
    expect(state.settings.filter).toBeNull();
  });

  test("what may still be typed is no mistake, until Enter says that it is all", () => {
    const hinted = pressed(exampleState(named("1")), "f", ...typing("rtt >")).state;
    expect(hinted.overlay).toMatchObject({ prompt: { error: { isHint: true } } });
    const refused = pressed(hinted, "enter").state;
    expect(refused.overlay).toMatchObject({ prompt: { error: { isHint: false } } });
    const wrong = pressed(exampleState(named("1")), "f", ...typing("nosuch = 1")).state;
    expect(wrong.overlay).toMatchObject({ prompt: { error: { isHint: false } } });
  });

  test("Tab completes as far as all candidates agree", () => {
    const { state } = pressed(exampleState(named("1")), "f", ...typing("local_p"), "tab");
    expect(state.overlay).toMatchObject({ prompt: { line: { text: "local_port " } } });
  });

  test("a search selects while it is typed, and n and N go on", () => {
    const state = exampleState(
      snapshotOf(
        { id: "1", comm: "nginx", process: null, owners: [], txRate: 4 },
        { id: "2", comm: "curl", txRate: 3 },
        { id: "3", comm: "curly", txRate: 2 },
      ),
    );
    const found = pressed(state, "/", ...typing("CUR")).state;
    expect(selectedKeyOf(found)).toBe("2");
    const accepted = pressed(found, "enter").state;
    expect(selectedKeyOf(pressed(accepted, "n").state)).toBe("3");
    expect(selectedKeyOf(pressed(accepted, "n", "n").state)).toBe("2");
    expect(selectedKeyOf(pressed(accepted, "N").state)).toBe("3");
    expect(pressed(accepted, "escape").state.search).toBe("");
  });

  test("a search that finds nothing says so: while it is typed, with Enter, and at n and N", () => {
    const typed = pressed(exampleState(named("1", "2")), "/", ...typing("zzzz")).state;
    expect(typed.overlay).toMatchObject({ prompt: { error: { message: "no row matches zzzz" } } });
    const accepted = pressed(typed, "enter").state;
    for (const state of [accepted, pressed(accepted, "n").state, pressed(accepted, "N").state])
      expect(state).toMatchObject({ notice: "no row matches zzzz", selectedIndex: 0 });
    expect(pressed(accepted, "down").state.notice).toBeNull();
    expect(pressed(typed, "escape", "n").state.notice).toBe("nothing is searched for");
  });
});

describe("arranging", () => {
  test("sorts by the column to the right and to the left, and the other way round", () => {
    const state = exampleState(
      snapshotOf({ id: "1", txRate: 1, rxRate: 900 }, { id: "2", txRate: 5, rxRate: 5 }),
    );
    expect(keysOf(state)).toEqual(["1", "2"]);
    const byRx = pressed(state, ">").state;
    expect(byRx.settings.sort).toEqual({ column: "rx_rate", direction: "desc" });
    const byTx = pressed(byRx, "<").state;
    expect(byTx.settings.sort).toEqual({ column: "tx_rate", direction: "desc" });
    expect(keysOf(byTx)).toEqual(["2", "1"]);
    expect(keysOf(pressed(byTx, "R").state)).toEqual(["1", "2"]);
  });

  test("the menu of columns to sort by", () => {
    const state = exampleState(named("1"));
    const { state: sorted } = pressed(state, "s", "home", "down", "enter");
    expect(sorted.settings.sort).toEqual({ column: "comm", direction: "asc" });
    expect(sorted.overlay).toEqual({ kind: "none" });
    expect(sorted.notice).toBeNull();
  });

  test("every column can be sorted by, and is found by typing the beginning of its name", () => {
    const state = exampleState(
      snapshotOf({ id: "1", minRttUs: 7, txRate: 9 }, { id: "2", minRttUs: 70, txRate: 1 }),
    );
    const { state: sorted } = pressed(state, "s", ...typing("minr"), "enter");
    expect(sorted.settings.sort).toEqual({ column: "min_rtt_us", direction: "desc" });
    expect(sorted.notice).toBe("sorted by min_rtt_us, which is not on the screen: c shows it");
    expect(keysOf(sorted)).toEqual(["2", "1"]);
    for (const { title, sortedBy } of COLUMN_CHOICES)
      for (const name of [title, sortedBy]) {
        const { settings } = pressed(state, "s", ...typing(name), "enter").state;
        expect(settings.sort?.column).toBe(sortedBy);
      }
    const grouped = pressed(state, "t", "s", ...typing("minr"), "enter").state;
    expect(grouped.notice).toBe("groups have no min_rtt_us: only what is below them is sorted by it");
  });

  test("a menu takes no letter that no name has, gives letters back, and then closes", () => {
    const state = pressed(exampleState(named("1")), "s", ...typing("idzzle")).state;
    expect(state.overlay).toMatchObject({ typed: "idle" });
    expect(pressed(state, "backspace").state.overlay).toMatchObject({ typed: "idl" });
    // A letter while others are there, else the way out.
    const q = pressed(exampleState(named("1")), "s", ...typing("sendq")).state;
    expect(q.overlay).toMatchObject({ typed: "sendq" });
    expect(pressed(q, "escape").state.overlay).toMatchObject({ typed: "" });
    expect(pressed(q, "escape", "q").state.overlay).toEqual({ kind: "none" });
  });

  test("what is chosen is on the screen, also where there is little room", () => {
    const state = exampleState(named("1"));
    for (const { title, sortedBy } of COLUMN_CHOICES) {
      const isHidden = !state.settings.columns.some((column) => column.sortedBy === sortedBy);
      const keys = isHidden ? ["c", ...typing(sortedBy), "space", "escape"] : [];
      const titles = textOf(frameOf(pressed(state, ...keys).state)[linesAbove(state.size) - 1]);
      if (isHidden) expect(titles.split(/ +/)).toContain(title);
    }
  });

  test("listening sockets have columns of their own, and the menu is of those that are on the screen", () => {
    const state = pressed(exampleState(snapshotOf({ id: "1", state: "LISTEN" })), "l").state;
    const { settings } = pressed(state, "c", ...typing("cmdl"), "space").state;
    expect(settings.listeningColumns.at(-1)?.sortedBy).toBe("cmdline");
    expect(settings.columns).toBe(LIVE_COLUMNS);
    const hidden = pressed(state, "c", "space").state;
    expect(textOf(frameOf(pressed(hidden, "q").state)[linesAbove(state.size) - 1])).toMatch(/^COMM/);
  });

  test("a menu that is longer than the screen scrolls with what is chosen", () => {
    const small = exampleState(named("1"), { size: { columns: 40, rows: 10 } });
    for (const keys of [["home"], ["page-down"], ["end"], ["end", "up", "page-up"]]) {
      const { state } = pressed(small, "c", ...keys);
      const chosen = frameOf(state).filter(({ over }) => over === "selected");
      expect(chosen.map(textOf)).toEqual([expect.stringContaining(menuNameOf(state))]);
    }
  });

  test("columns are hidden, shown again where they stand in the menu, and moved; one stays", () => {
    const state = exampleState(named("1"));
    const titles = (...keys: readonly string[]) =>
      pressed(state, "c", ...keys).state.settings.columns.map(({ title }) => title);
    expect(titles("space").slice(0, 2)).toEqual(["COMM", "PROTO"]);
    expect(titles(">").slice(0, 3)).toEqual(["COMM", "PID", "PROTO"]);
    expect(titles("<").slice(0, 2)).toEqual(["PID", "COMM"]);
    expect(titles("down", "space")).not.toContain("COMM");
    expect(titles("down", "space", "space").slice(0, 2)).toEqual(["PID", "COMM"]);
    expect(titles("space", ">", "space").slice(0, 2)).toEqual(["COMM", "PID"]);
    expect(titles(...typing("minr"), "space", "<", "escape", "home", "<").at(-1)).toBe("MINRTT");
    const all = LIVE_COLUMNS.flatMap(() => ["space", "down"]);
    expect(titles(...all)).toEqual([LIVE_COLUMNS.at(-1)?.title]);
  });

  test("groups open and close, and the selection stays with the group", () => {
    const state = exampleState(
      snapshotOf({ id: "1", pid: 1, comm: "a", txRate: 9 }, { id: "2", pid: 2, comm: "b", txRate: 1 }),
    );
    const grouped = pressed(state, "t").state;
    expect(grouped.settings.groupBy).toBe("process");
    expect(keysOf(grouped)).toEqual(["group number 1", "group number 2"]);
    const opened = pressed(grouped, "enter").state;
    expect(keysOf(opened)).toEqual(["group number 1", "1", "group number 2"]);
    expect(selectedKeyOf(opened)).toBe("group number 1");
    expect(keysOf(pressed(opened, "space").state)).toHaveLength(2);
  });

  test("after the last way to group comes none", () => {
    const { state } = pressed(exampleState(named("1")), "t", "t", "t", "t", "t", "t", "t");
    expect(state.settings.groupBy).toBeNull();
  });

  test("ended connections stay for as long as is chosen", () => {
    const ended = (secondsAgo: number) => ({
      closed: true,
      endReason: "fin" as const,
      closedNs: 1_000e9 - secondsAgo * 1e9,
      change: null,
    });
    const state = exampleState(
      snapshotOf({ id: "1" }, { id: "2", ...ended(3) }, { id: "3", ...ended(20) }, { id: "4", ...ended(40) }),
    );
    expect(keysOf(state).toSorted()).toEqual(["1", "2"]);
    expect(keysOf(pressed(state, "e").state).toSorted()).toEqual(["1", "2", "3"]);
    expect(keysOf(pressed(state, "e", "e").state)).toEqual(["1"]);
  });

  test("only what moves; listening sockets", () => {
    const state = exampleState(
      snapshotOf({ id: "1", txRate: 0, rxRate: 0 }, { id: "2" }, { id: "3", state: "LISTEN" }),
    );
    expect(keysOf(pressed(state, "a").state)).toEqual(["2"]);
    expect(keysOf(pressed(state, "l").state)).toEqual(["3"]);
  });
});

describe("doing", () => {
  test.each([
    ["q", { kind: "quit" }],
    ["ctrl+c", { kind: "quit" }],
    ["ctrl+z", { kind: "suspend" }],
    ["ctrl+l", { kind: "redraw" }],
    ["S", { kind: "save" }],
  ])("%s", (key, effect) => {
    expect(pressed(exampleState(named("1")), key).effect).toEqual(effect);
  });

  test("ctrl-c quits from anywhere", () => {
    for (const opener of ["f", "/", "?", "enter", "s", "c"]) {
      expect(pressed(exampleState(named("1")), opener, "ctrl+c").effect).toEqual({ kind: "quit" });
    }
  });

  test("a connection is only closed where that is allowed, and after y", () => {
    const refused = pressed(exampleState(named("1")), "K");
    expect(refused.state.notice).toContain("--allow-kill");
    expect(refused.state.overlay).toEqual({ kind: "none" });
    const asked = pressed(exampleState(named("1"), { canKill: true }), "K");
    expect(asked.effect).toBeNull();
    expect(pressed(asked.state, "y").effect).toMatchObject({ kind: "kill", connection: { id: "1" } });
    expect(pressed(asked.state, "n").effect).toBeNull();
    expect(pressed(asked.state, "enter").effect).toBeNull();
  });

  test("what is closed is what is looked at, wherever its row went", () => {
    const state = exampleState(named("1", "2"), { canKill: true });
    const looking = pressed(state, "enter").state;
    // Now another one is the busiest.
    const later = takeSnapshot(looking, named("2", "1"));
    const asked = pressed(later, "K").state;
    expect(asked.overlay).toMatchObject({ kind: "confirm-kill", connection: { id: "1" } });
    expect(pressed(asked, "y").effect).toMatchObject({ kind: "kill", connection: { id: "1" } });
    const gone = pressed(takeSnapshot(looking, named("2")), "K").state;
    expect(gone).toMatchObject({ overlay: { kind: "detail" }, notice: "it has ended already" });
  });

  test("what is closed is what was named, also when another row has its place, or none has it", () => {
    const asked = pressed(exampleState(named("1", "2"), { canKill: true }), "K").state;
    const moved = takeSnapshot(asked, named("2", "1"));
    expect(pressed(moved, "y").effect).toMatchObject({ kind: "kill", connection: { id: "1" } });
    const gone = takeSnapshot(asked, named("2"));
    expect(pressed(gone, "y").effect).toMatchObject({ kind: "kill", connection: { id: "1" } });
  });

  test("asked on a connection's page, it leads back there, answered either way", () => {
    const asked = pressed(exampleState(named("1"), { canKill: true }), "enter", "down", "K").state;
    expect(asked.overlay).toMatchObject({ kind: "confirm-kill", over: { key: "1", top: 1 } });
    expect(pageLookedAt(asked)).toMatchObject({ key: "1" });
    for (const answer of ["y", "n"])
      expect(pressed(asked, answer).state.overlay).toMatchObject({ kind: "detail", key: "1", top: 1 });
    const later = takeSnapshot(asked, snapshotOf({ id: "1", cookie: 1, txBytes: 777 }));
    expect(pageLookedAt(later)).toMatchObject({ last: { txBytes: 777 } });
  });

  test.each([[], ["f"], ["/"], ["s"], ["?"], ["enter"], ["K"]])(
    "suspend and redraw are obeyed after %j",
    (...keys) => {
      const { state } = pressed(exampleState(named("1"), { canKill: true }), ...keys);
      expect(pressed(state, "ctrl+z")).toEqual({ state, effect: { kind: "suspend" } });
      expect(pressed(state, "ctrl+l")).toEqual({ state, effect: { kind: "redraw" } });
    },
  );

  test("a letter that suspends is typed where letters are", () => {
    const keys = new KeyBindings(new Map([["suspend", ["z"]]]));
    const { state, effect } = pressed(exampleState(named("1"), { keys }), "f", "z");
    expect([effect, state.overlay]).toMatchObject([null, { prompt: { line: { text: "z" } } }]);
  });

  test("K says why it does nothing", () => {
    const said = (state: LiveState, ...keys: readonly string[]) => {
      const { notice, overlay } = pressed({ ...state, canKill: true }, ...keys).state;
      return [notice, overlay.kind];
    };
    expect(said(exampleState(named("1")), "t", "K")[0]).toContain("a group is not closed");
    const closed = snapshotOf({ id: "1", closed: true, change: "closed" });
    expect(said(exampleState(closed), "K")).toEqual(["it has ended already", "none"]);
    expect(said(exampleState(snapshotOf()), "K")).toEqual(["there is nothing to close", "none"]);
    const peer = { id: "1", proto: "udp", cookie: "1/2" } as const;
    expect(said(exampleState(snapshotOf(peer)), "K")).toEqual([
      "not to be closed: one of many peers of a UDP socket",
      "none",
    ]);
    const alone = {
      ...peer,
      cookie: 1,
      state: "UNCONN",
      lastMovedNs: null,
      remoteAddr: "0.0.0.0",
      remotePort: 0,
    } as const;
    expect(said(exampleState(snapshotOf(alone)), "l", "K")).toEqual([
      "nothing to close: a UDP socket without a peer",
      "none",
    ]);
    const nameless = { id: "1", state: "LISTEN", remoteAddr: "0.0.0.0", remotePort: 0 } as const;
    expect(said(exampleState(snapshotOf(nameless), { rung: "proc" }), "l", "K")[0]).toContain("rung proc");
    expect(said(exampleState(snapshotOf(nameless)), "l", "K")).toEqual([null, "confirm-kill"]);
    // What is shown is held; what has ended is known nevertheless.
    const held = takeSnapshot(pressed(exampleState(named("1")), "p").state, named("2"));
    expect(said(held, "K")).toEqual(["it has ended already", "none"]);
  });

  test("whoever looks at a connection sees it as it is, and as it was when it has gone", () => {
    const looking = pressed(exampleState(named("1", "2")), "enter").state;
    const later = takeSnapshot(looking, snapshotOf({ id: "1", cookie: 1, txBytes: 777 }));
    expect(later.overlay).toMatchObject({ last: { id: "1", txBytes: 777 } });
    const gone = takeSnapshot(later, named("2"));
    expect(gone.overlay).toMatchObject({ last: { id: "1", txBytes: 777 } });
    expect(pressed(gone, "y").state.notice).toContain("local_port");
  });

  test("a page does not scroll beyond its end, and comes back from there with one key", () => {
    const state = exampleState(named("1"), { size: { columns: 80, rows: 10 } });
    const atEnd = pressed(state, "?", "end").state;
    expect(pressed(atEnd, "down", "down", "page-down").state).toEqual(atEnd);
    expect(pressed(atEnd, "up").state.overlay).not.toEqual(atEnd.overlay);
  });

  test("the help and one connection: opened, scrolled, left again", () => {
    for (const opener of ["?", "enter"]) {
      const { state } = pressed(exampleState(named("1")), opener, "down", "down", "up");
      expect(state.overlay).toMatchObject({ top: 1 });
      for (const key of ["q", "escape", "enter"])
        expect(pressed(state, key).state.overlay).toEqual({ kind: "none" });
    }
  });
});

test("keys of one's own: what they did before, they do no more", () => {
  const keys = new KeyBindings(new Map([["quit", ["x", "a"]]]));
  const state = exampleState(snapshotOf({ id: "1", txRate: 0, rxRate: 0 }), { keys });
  expect(pressed(state, "x").effect).toEqual({ kind: "quit" });
  expect(pressed(state, "a").effect).toEqual({ kind: "quit" });
  expect(pressed(state, "q").effect).toBeNull();
});

test("no key does two things", () => {
  const keys = KEY_TABLE.flatMap((binding) => binding.keys);
  expect(new Set(keys).size).toBe(keys.length);
});
