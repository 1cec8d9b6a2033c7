import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ConnectionTable } from "../../../src/engine/connection-table.js";
import { type Connection, isListening } from "../../../src/model/connection.js";
import type { SocketReading } from "../../../src/model/sample.js";
import { closedAt, readingAt, sampleAt, seconds } from "../example-samples.js";
import { lives } from "./example-hosts.js";

function countedOneByOne(connections: readonly Connection[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const connection of connections) {
    if (connection.closed || isListening(connection)) continue;
    const state = connection.proto === "udp" ? "UDP" : connection.state;
    counts[state] = (counts[state] ?? 0) + 1;
  }
  return counts;
}

describe("the counts by state", () => {
  test("are those of the rows, in any life of a host", () => {
    fc.assert(
      fc.property(lives, fc.constantFrom(0, 1500), ({ samples }, lingerMs) => {
        const table = new ConnectionTable({ lingerMs });
        for (const sample of samples) {
          const { totals, connections } = table.apply(sample);
          expect(Object.fromEntries(totals.states)).toEqual(countedOneByOne(connections));
        }
      }),
    );
  });

  test("follow a connection from state to state; a listening socket is in none, UDP in one of its own", () => {
    const table = new ConnectionTable({ lingerMs: 0 });
    const states = (atSeconds: number, ...sockets: readonly Partial<SocketReading>[]) => {
      const readings = sockets.map((parts) => readingAt(atSeconds, parts));
      return Object.fromEntries(table.apply(sampleAt(atSeconds, { sockets: readings })).totals.states);
    };
    expect(states(1, { cookie: 1, state: "SYN_SENT" }, { cookie: 2, state: "LISTEN" })).toEqual({
      SYN_SENT: 1,
    });
    const udp: Partial<SocketReading> = { cookie: 3, proto: "udp", lastMovedNs: seconds(1) };
    expect(states(2, { cookie: 1 }, { cookie: 2, state: "LISTEN" }, udp)).toEqual({ ESTABLISHED: 1, UDP: 1 });
    expect(states(3, { cookie: 1, state: "CLOSE_WAIT" }, udp)).toEqual({ CLOSE_WAIT: 1, UDP: 1 });
  });
});

describe("the segments sent again in a second", () => {
  const OLD = { openedNs: null };
  const born = (atSeconds: number) => ({ openedNs: seconds(atSeconds) });

  test("are not known at first: what was sent again may be long ago", () => {
    const table = new ConnectionTable({ lingerMs: 0 });
    const walk = (atSeconds: number, retrans: number) =>
      table.apply(sampleAt(atSeconds, { sockets: [readingAt(atSeconds, { ...OLD, retrans })] })).totals
        .retransRate;
    expect([walk(1, 7), walk(2, 7), walk(4, 10)]).toEqual([null, 0, 1.5]);
  });

  test("are those of all connections, also of those that came or went meanwhile", () => {
    const table = new ConnectionTable({ lingerMs: 0 });
    const at = (atSeconds: number, ...sockets: readonly Partial<SocketReading>[]) =>
      sockets.map((parts) => readingAt(atSeconds, parts));
    table.apply(
      sampleAt(1, { sockets: at(1, { cookie: 1, ...OLD, retrans: 7 }, { cookie: 3, ...OLD, retrans: 5 }) }),
    );
    const { totals } = table.apply(
      sampleAt(3, {
        sockets: at(3, { cookie: 1, ...OLD, retrans: 9 }, { cookie: 2, ...born(2), retrans: 4 }),
        closed: [closedAt(3, { cookie: 3, retrans: 6 })],
      }),
    );
    expect(totals.retransRate).toBe((2 + 4 + 1) / 2);
  });

  test("of one that is older than the collector, but was met late, are not counted at first", () => {
    const table = new ConnectionTable({ lingerMs: 0 });
    table.apply(sampleAt(1));
    const late = readingAt(2, { ...OLD, retrans: 100 });
    expect(table.apply(sampleAt(2, { sockets: [late] })).totals.retransRate).toBe(0);
  });

  test("are not known while the kernel does not answer; what came meanwhile is in the next", () => {
    const table = new ConnectionTable({ lingerMs: 0 });
    const stalled = { what: "the kernel does not answer", sinceMs: 0 };
    table.apply(sampleAt(1, { sockets: [readingAt(1, { ...OLD, retrans: 1 })] }));
    expect(table.apply(sampleAt(2, { stalled })).totals.retransRate).toBeNull();
    const next = readingAt(3, { ...OLD, retrans: 5 });
    expect(table.apply(sampleAt(3, { sockets: [next] })).totals.retransRate).toBe(2);
  });
});
