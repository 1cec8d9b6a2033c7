import { describe, expect, test } from "vitest";
import type { Connection } from "../../../src/model/connection.js";
import { frameOf } from "../../../src/tui/draw/frame.js";
import type { LiveState } from "../../../src/tui/live/state.js";
import { GROUP_BYS } from "../../../src/view/group/grouping.js";
import { exampleState, keysOf, pressed, snapshotOf, typing } from "./example-state.js";

const ENDED = { closed: true, endReason: "fin", change: "closed" } as const;
const SIZE = { columns: 80, rows: 24 };

/** Each differs from another by one thing. */
const ROWS: readonly Partial<Connection>[] = [
  { id: "1" },
  { id: "2", remotePort: 444 },
  { id: "3", remoteAddr: "198.51.100.8" },
  { id: "4", localPort: 43211 },
  { id: "5", netns: 4026532000 },
  { id: "6", netns: 4026532001, netnsName: "blue" },
  { id: "7", netns: 4026532002, netnsName: "blue" },
  { id: "8", proto: "udp", state: "ESTABLISHED" },
  { id: "9", proto: "udp", state: "UNCONN", remoteAddr: "0.0.0.0", remotePort: 0, lastMovedNs: 1 },
  { id: "10", localAddr: "2001:db8:1:2:3:4:5:6", remoteAddr: "2001:db8:1111:2222:3333:4444:5555:6666" },
  { id: "11", localPort: 1, pid: 7, comm: "nginx", state: "FIN_WAIT1" },
  { id: "12", localPort: 2, pid: null, comm: null, owners: [], process: null },
  { id: "13", localPort: 3, ...ENDED },
];
const ALL = snapshotOf(...ROWS);

function stateOf(changes: Partial<LiveState> = {}): LiveState {
  return exampleState(ALL, { size: SIZE, ...changes });
}

/** What the screen says at its bottom, as it would be copied. */
function copied(state: LiveState): string {
  const lines = frameOf(state).filter(({ spans }) => spans.some(({ style }) => style === "warning"));
  return lines
    .slice(-6)
    .map(({ spans }) => spans.map(({ text }) => text).join(""))
    .filter((text) => (state.notice ?? "").includes(text))
    .join("\n");
}

function rowsOf(filter: string): readonly string[] {
  return keysOf(pressed(stateOf(), "f", ...typing(filter.replaceAll("\n", " ")), "enter").state);
}

describe("y prints a filter", () => {
  test.each(ROWS.map(({ id }) => [id ?? ""]))("that matches row %s and no other", (id) => {
    const index = keysOf(stateOf()).indexOf(id);
    const { state } = pressed(stateOf(), ...new Array<string>(index).fill("down"), "y");
    expect(rowsOf(state.notice ?? "")).toEqual([id]);
    // Whole, also where it takes several lines.
    expect(copied(state).replaceAll("\n", " ")).toBe(state.notice);
    expect(rowsOf(copied(state))).toEqual([id]);
  });

  test.each(GROUP_BYS.map((by, index) => [by, index + 1] as const))("of a group by %s", (_, times) => {
    const grouped = pressed(stateOf(), ...new Array<string>(times).fill("t")).state;
    for (const [index, row] of grouped.rows.all().entries()) {
      const { notice } = pressed(grouped, ...new Array<string>(index).fill("down"), "y").state;
      const members = row.kind === "group" ? row.group.connections.map(({ id }) => id) : [];
      expect(members).not.toEqual([]);
      expect(rowsOf(notice ?? "").toSorted()).toEqual(members.toSorted());
    }
  });

  test("of both ends that are one row", () => {
    const [client, server] = [
      { id: "1", localAddr: "127.0.0.1", remoteAddr: "127.0.0.1", localPort: 40000, remotePort: 80 },
      { id: "2", localAddr: "127.0.0.1", remoteAddr: "127.0.0.1", localPort: 80, remotePort: 40000 },
    ];
    const state = exampleState(
      snapshotOf({ ...client, direction: "out" }, { ...server, direction: "in" }, { id: "3", localPort: 5 }),
    );
    const folded = pressed(state, "m").state;
    const { rows } = folded;
    const index = rows.all().findIndex((row) => row.kind === "connection" && row.server !== null);
    const { notice } = pressed(folded, ...new Array<string>(index).fill("down"), "y").state;
    const found = pressed(state, "f", ...typing(notice ?? ""), "enter").state;
    expect(keysOf(found).toSorted()).toEqual(["1", "2"]);
  });

  test("short: on 80 columns most take two lines", () => {
    expect(pressed(stateOf(), "y").state.notice).toMatch(/^tcp local_addr = /);
    expect(copied(pressed(stateOf(), "y").state).split("\n")).toHaveLength(2);
  });

  test("with the numbers held and a row looked at, too", () => {
    const { state } = pressed(stateOf(), "enter", "y");
    expect(copied(state).replaceAll("\n", " ")).toBe(state.notice);
  });
});
