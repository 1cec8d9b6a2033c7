import { describe, expect, it } from "vitest";
import { ConnectionTable } from "../../../src/engine/connection-table.js";
import { closedAt, readingAt, sampleAt, seconds } from "../example-samples.js";

function sockets(at: number, cookies: readonly number[]) {
  return cookies.map((cookie) => readingAt(at, { cookie, openedNs: seconds(9), txBytes: 100 }));
}

describe("a full table", () => {
  it("leaves out the newest connections, and says how many", () => {
    const connections = new ConnectionTable({ lingerMs: 0, maxConnections: 2 });
    const snapshot = connections.apply(
      sampleAt(10, { sockets: sockets(10, [1, 2, 3, 4, 4]), opened: sockets(10, [4, 5]) }),
    );
    expect(snapshot.connections.map(({ id }) => id)).toEqual(["1", "2"]);
    expect(snapshot.untracked).toBe(3);
    expect(snapshot.totals).toMatchObject({ open: 2, txBytes: 200 });
  });

  it("takes one in when another is gone, with all its bytes", () => {
    const connections = new ConnectionTable({ lingerMs: 0, maxConnections: 1 });
    connections.apply(sampleAt(10, { sockets: sockets(10, [1, 2]) }));
    connections.apply(sampleAt(11, { closed: [closedAt(11, { cookie: 1, txBytes: 100 })] }));
    const snapshot = connections.apply(sampleAt(12, { sockets: sockets(12, [2]) }));
    expect(snapshot.connections.map(({ id }) => id)).toEqual(["2"]);
    expect(snapshot).toMatchObject({ untracked: 0, totals: { txBytes: 200 } });
  });

  it("still shows each close", () => {
    const connections = new ConnectionTable({ lingerMs: 0, maxConnections: 1 });
    const closed = [closedAt(10, { cookie: 2, openedNs: seconds(9), txBytes: 100 })];
    const snapshot = connections.apply(sampleAt(10, { sockets: sockets(10, [1, 2]), closed }));
    expect(snapshot.connections.map((row) => [row.id, row.closed])).toEqual([
      ["1", false],
      ["2", true],
    ]);
    expect(snapshot).toMatchObject({ untracked: 0, totals: { closed: 1, txBytes: 200 } });
  });

  it("gives up lingering rows for open ones, the oldest first, but none before it was shown", () => {
    const connections = new ConnectionTable({ lingerMs: 60_000, maxConnections: 3 });
    connections.apply(sampleAt(10, { closed: [closedAt(10, { cookie: 1 })] }));
    connections.apply(sampleAt(11, { closed: [closedAt(11, { cookie: 2 })] }));
    const snapshot = connections.apply(sampleAt(12, { sockets: sockets(12, [3, 4]) }));
    expect(snapshot.connections.map(({ id }) => id)).toEqual(["3", "4", "2"]);
    expect(snapshot.untracked).toBe(0);
  });
});

it("many connections are applied in steps, which give what one step gives", () => {
  const sockets = Array.from({ length: 5000 }, (_, index) => readingAt(1, { cookie: index + 1 }));
  const holders = sockets.map((_, index) => ({ cookie: index + 1, pid: 1, comm: "server" }));
  const sample = sampleAt(1, { sockets, holders });
  const steps = new ConnectionTable({ lingerMs: 0 }).applyInSteps(sample);
  let count = 0;
  let step = steps.next();
  for (; !step.done; step = steps.next()) count += 1;
  expect(count).toBe(7);
  expect(step.value).toEqual(new ConnectionTable({ lingerMs: 0 }).apply(sample));
});
