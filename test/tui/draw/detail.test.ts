import { describe, expect, test } from "vitest";
import type { Connection } from "../../../src/model/connection.js";
import { frameOf } from "../../../src/tui/draw/frame.js";
import { EXAMPLE_DETAILS, listeningSocket } from "../../model/example-connection.js";
import { exampleState, pressed, snapshotOf } from "../live/example-state.js";

/** The page of one connection, as text. */
function pageOf(connection: Partial<Connection>, ...keys: readonly string[]): string {
  const { state } = pressed(exampleState(snapshotOf(connection)), ...keys, "enter");
  return frameOf(state)
    .map(({ spans }) => spans.map(({ text }) => text).join(""))
    .join("\n");
}

describe("a listening socket", () => {
  const page = (changes: Partial<Connection>) => pageOf({ ...listeningSocket(), ...changes }, "l");

  test("says first how many wait for it", () => {
    expect(page({ acceptQueue: 1, acceptLimit: 128 })).toContain(
      "\n accepting   1 connection waits for accept(), the limit is 128\n",
    );
    expect(page({ acceptQueue: 5, acceptLimit: 4 })).toContain(
      "\n accepting   5 connections wait for accept(), the limit is 4,\n             it is full: who connects now is turned away\n",
    );
    expect(page({ acceptQueue: 4, acceptLimit: 4 })).not.toContain("full");
  });

  test("says nothing of what it can't have", () => {
    expect(page({ acceptQueue: 0, acceptLimit: 128 })).not.toMatch(/^ (?:sent|received|history) /m);
    const udp = { proto: "udp", state: "UNCONN", acceptQueue: null, acceptLimit: null, drops: 7 } as const;
    expect(page(udp)).toContain("\n dropped     7 datagrams found the receive buffer full\n");
    expect(page(udp)).not.toMatch(/accept\(\)|limited by/);
  });
});

test("of a connection that has ended it is not said what holds it up", () => {
  expect(pageOf({ tcp: EXAMPLE_DETAILS })).toMatch(/^ sending /m);
  const ended = pageOf({ tcp: EXAMPLE_DETAILS, closed: true, endReason: "fin", change: "closed" });
  expect(ended).toMatch(/^ segments /m);
  expect(ended).not.toMatch(/^ sending /m);
});
