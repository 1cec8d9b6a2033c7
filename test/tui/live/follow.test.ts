import { describe, expect, test } from "vitest";
import { type LiveState, takeSnapshot } from "../../../src/tui/live/state.js";
import { listeningSocket } from "../../model/example-connection.js";
import { exampleState, pressed, selectedKeyOf, snapshotOf, typing } from "./example-state.js";

/** Three connections of two processes, the first the busiest, and a listening socket. */
const CONNECTIONS = [
  { id: "1", cookie: 1, txRate: 30, pid: 10, comm: "one", owners: [] },
  { id: "2", cookie: 2, txRate: 20, pid: 20, comm: "two", owners: [] },
  { id: "3", cookie: 3, txRate: 10, pid: 20, comm: "three", owners: [] },
  listeningSocket(),
] as const;
const SNAPSHOT = snapshotOf(...CONNECTIONS);

/** With the last of the connections chosen. */
function following(): LiveState {
  return pressed(exampleState(SNAPSHOT), "down", "down").state;
}

function selectedAfter(...keys: readonly string[]): string | undefined {
  return selectedKeyOf(pressed(following(), ...keys).state);
}

describe("the selection goes back to the connection that was chosen", () => {
  test("after others were looked at", () => {
    expect(selectedAfter()).toBe("3");
    expect(selectedAfter("l")).toBe("12");
    expect(selectedAfter("l", "l")).toBe("3");
  });

  test("when a filter does not hide it any more, also where it hid all", () => {
    expect(selectedAfter("f", ...typing("comm one"), "enter")).toBe("1");
    expect(selectedAfter("f", ...typing("comm one"), "enter", "escape")).toBe("3");
    expect(selectedAfter("f", ...typing("comm none"), "enter")).toBeUndefined();
    expect(selectedAfter("f", ...typing("comm none"), "enter", "escape")).toBe("3");
  });

  test("and is at its group meanwhile", () => {
    expect(selectedAfter("t")).toBe("group number 20");
    expect(selectedAfter("t", "t", "t", "t", "t", "t", "t")).toBe("3");
    const { state } = pressed(following(), "t");
    expect(selectedKeyOf(takeSnapshot(state, SNAPSHOT))).toBe("group number 20");
    expect(selectedAfter("t", "space")).toBe("group number 20");
  });

  test("but not when another was chosen since, or it has gone for good", () => {
    expect(selectedAfter("l", "up", "l")).toBe("1");
    expect(selectedAfter("t", "up", "t", "t", "t", "t", "t", "t")).not.toBe("3");
    expect(selectedAfter("f", ...typing("comm one"), "enter", "g", "escape")).toBe("1");
    const gone = takeSnapshot(following(), snapshotOf(...CONNECTIONS.slice(0, 2)));
    expect([selectedKeyOf(gone), gone.chosenKey]).toEqual(["2", "2"]);
  });
});
