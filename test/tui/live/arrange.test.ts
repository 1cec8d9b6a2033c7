import { describe, expect, test } from "vitest";
import type { ColumnName } from "../../../src/model/columns.js";
import { listeningSocket } from "../../model/example-connection.js";
import { exampleState, keysOf, named, pressed, snapshotOf, typing } from "./example-state.js";

/** By what the table is sorted after each of some keys. */
function sortedAfter(...keys: readonly string[]): readonly (ColumnName | undefined)[] {
  const state = exampleState(named("1"));
  return keys.map((_, index) => pressed(state, ...keys.slice(0, index + 1)).state.settings.sort?.column);
}

describe("the neighbours of the column that is sorted by", () => {
  test("are those on the screen: what has no room is passed over", () => {
    // On 80 columns: PID COMM REMOTE STATE TX/s RX/s RTT RETR, and no PROTO, LOCAL, TX, RX, AGE, LIMITED, USER.
    expect(sortedAfter(">", ">", ">", ">")).toEqual(["rx_rate", "rtt_us", "retrans", "retrans"]);
    expect(sortedAfter("<", "<", "<", "<", "<")).toEqual(["state", "remote_addr", "comm", "pid", "pid"]);
  });
});

test("a column that has no room is not on the screen, and that is said", () => {
  const { notice } = pressed(exampleState(named("1")), "s", ...typing("age"), "enter").state;
  expect(notice).toBe("sorted by age_ms, which is not on the screen: c shows it");
});

describe("listening sockets", () => {
  const snapshot = snapshotOf(
    { ...listeningSocket(), id: "1", cookie: 1, acceptQueue: 0, acceptLimit: 128 },
    { ...listeningSocket(), id: "2", cookie: 2, acceptQueue: 60, acceptLimit: 4096 },
    { ...listeningSocket(), id: "3", cookie: 3, acceptQueue: 5, acceptLimit: 4 },
  );

  test("come with the fullest accept queue first", () => {
    const state = pressed(exampleState(snapshot), "l").state;
    expect(keysOf(state)).toEqual(["3", "2", "1"]);
  });

  test("the other way round they are sorted by it", () => {
    const { state } = pressed(exampleState(snapshot), "l", "R");
    expect(state.settings.sort).toEqual({ column: "accept_queue", direction: "asc" });
  });
});
