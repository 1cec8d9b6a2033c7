import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ConnectionTable } from "../../../src/engine/connection-table.js";
import { closedAt, onlyRow, owner, readingAt, rowOf, sampleAt } from "../example-samples.js";

function table(lingerMs = 0): ConnectionTable {
  return new ConnectionTable({ lingerMs });
}

function holder(cookie: number, pid: number, comm = `comm-${pid}`) {
  return { cookie, pid, comm };
}

describe("owners", () => {
  it("are unknown until somebody is known", () => {
    const row = onlyRow(table().apply(sampleAt(10, { sockets: [readingAt(10)], holders: [] })));
    expect(row).toMatchObject({ owners: [], pid: null, comm: null, ownerSource: null });
  });

  it("of a socket that several processes inherited are all of them, the context standing for all", () => {
    const row = onlyRow(
      table().apply(
        sampleAt(10, {
          sockets: [readingAt(10, { owner: owner(30, "io") })],
          holders: [holder(1, 40), holder(1, 30), holder(1, 20), holder(2, 50)],
        }),
      ),
    );
    expect(row.owners).toEqual([owner(20, "holder"), owner(30, "io"), owner(40, "holder")]);
    expect(row).toMatchObject({ pid: 30, comm: "comm-30", ownerSource: "io" });
  });

  it("of a subflow are the holders of its MPTCP socket", () => {
    const row = onlyRow(
      table().apply(
        sampleAt(10, { sockets: [readingAt(10, { holderCookie: 77 })], holders: [holder(77, 20)] }),
      ),
    );
    expect(row).toMatchObject({ pid: 20, ownerSource: "holder" });
  });

  it("stay when nobody holds the socket, and when holders were not read", () => {
    const connections = table();
    connections.apply(sampleAt(10, { sockets: [readingAt(10)], holders: [holder(1, 20)] }));
    const orphan = connections.apply(sampleAt(11, { sockets: [readingAt(11)], holders: [] }));
    expect(onlyRow(orphan).pid).toBe(20);
    const unread = connections.apply(sampleAt(12, { sockets: [readingAt(12)], holders: null }));
    expect(onlyRow(unread)).toMatchObject({ pid: 20, comm: "comm-20" });
  });

  it("follow a socket that is passed to another process", () => {
    const connections = table();
    const sockets = (at: number) => [readingAt(at, { owner: owner(20, "connect") })];
    connections.apply(sampleAt(10, { sockets: sockets(10), holders: [holder(1, 20)] }));
    const passed = connections.apply(sampleAt(11, { sockets: sockets(11), holders: [holder(1, 30)] }));
    expect(onlyRow(passed).owners).toEqual([owner(30, "holder")]);
    const unread = connections.apply(sampleAt(12, { sockets: sockets(12), holders: null }));
    expect(onlyRow(unread).owners).toEqual([owner(30, "holder")]);
  });

  it("are those that hold the socket at each tick, whatever came before", () => {
    const pids = fc.uniqueArray(fc.integer({ min: 1, max: 4 }), { minLength: 1 });
    fc.assert(
      fc.property(fc.array(pids, { maxLength: 6 }), (ticks) => {
        const connections = table();
        ticks.forEach((held, index) => {
          const sockets = [readingAt(index + 1, { owner: owner(2, "connect") })];
          const holders = held.map((pid) => holder(1, pid));
          const { owners } = onlyRow(connections.apply(sampleAt(index + 1, { sockets, holders })));
          const expected = held.toSorted().map((pid) => owner(pid, pid === 2 ? "connect" : "holder"));
          expect(owners).toEqual(expected);
        });
      }),
    );
  });

  it("are dropped again when the context names another than the one holder", () => {
    const connections = table();
    const holders = [holder(1, 20)];
    connections.apply(sampleAt(10, { sockets: [readingAt(10)], holders }));
    const sockets = [readingAt(11, { owner: owner(30, "io") })];
    const snapshot = connections.apply(sampleAt(11, { sockets, holders }));
    expect(onlyRow(snapshot).owners).toEqual([owner(20, "holder")]);
  });

  it("are learned also of a connection that the walk missed", () => {
    const connections = table();
    connections.apply(sampleAt(10, { sockets: [readingAt(10)] }));
    expect(onlyRow(connections.apply(sampleAt(11, { holders: [holder(1, 20)] }))).pid).toBe(20);
  });
});

describe("a closed connection", () => {
  it("takes its owners from the row when its record has none", () => {
    const connections = table();
    connections.apply(sampleAt(10, { sockets: [readingAt(10, { owner: owner(20, "accept") })] }));
    const row = onlyRow(connections.apply(sampleAt(11, { closed: [closedAt(11)] })));
    expect(row).toMatchObject({ pid: 20, comm: "comm-20", ownerSource: "accept" });
  });

  it("that was closed by order stays its holders', whose own close is heard of later", () => {
    const connections = table(60_000);
    connections.apply(sampleAt(10, { sockets: [readingAt(10)], holders: [holder(1, 20), holder(1, 30)] }));
    const closed = [closedAt(11, { endReason: "aborted", owner: null })];
    const row = onlyRow(connections.apply(sampleAt(11, { closed, holders: [] })));
    expect(row.owners).toEqual([owner(20, "holder"), owner(30, "holder")]);
    expect(row).toMatchObject({ pid: 20, ownerSource: "holder" });
    const lateOwners = [{ cookie: 1, incarnation: 0, owner: owner(30, "io") }];
    expect(onlyRow(connections.apply(sampleAt(12, { lateOwners })))).toMatchObject({
      owners: [owner(20, "holder"), owner(30, "io")],
      pid: 30,
    });
  });

  it("takes its owner from the record when the row has none", () => {
    const connections = table();
    connections.apply(sampleAt(10, { sockets: [readingAt(10)] }));
    const row = onlyRow(
      connections.apply(sampleAt(11, { closed: [closedAt(11, { owner: owner(20, "io") })] })),
    );
    expect(row).toMatchObject({ pid: 20, ownerSource: "io" });
  });

  it("takes the holders that were read in the sample of its close, and no later ones", () => {
    const connections = table(60_000);
    const first = connections.apply(sampleAt(10, { closed: [closedAt(10)], holders: [holder(1, 20)] }));
    expect(onlyRow(first).pid).toBe(20);
    const second = connections.apply(sampleAt(11, { holders: [holder(1, 30)] }));
    expect(onlyRow(second).pid).toBe(20);
  });

  it("has the holders of its socket also when that has its next connection", () => {
    const snapshot = table().apply(
      sampleAt(10, {
        sockets: [readingAt(10, { incarnation: 1 })],
        closed: [closedAt(10)],
        holders: [holder(1, 20), holder(1, 30)],
      }),
    );
    expect(rowOf(snapshot, "1").owners).toEqual([owner(20, "holder"), owner(30, "holder")]);
    expect(rowOf(snapshot, "1.1").owners).toEqual([owner(20, "holder"), owner(30, "holder")]);
  });

  it("takes a late owner in the sample of its close and while it lingers", () => {
    const connections = table(60_000);
    const late = (incarnation: number, pid: number) => ({ cookie: 1, incarnation, owner: owner(pid, "io") });
    const first = connections.apply(
      sampleAt(10, { closed: [closedAt(10), closedAt(10, { incarnation: 1 })], lateOwners: [late(1, 21)] }),
    );
    expect(rowOf(first, "1").pid).toBeNull();
    expect(rowOf(first, "1.1").pid).toBe(21);
    const second = connections.apply(sampleAt(11, { lateOwners: [late(0, 20), late(7, 99)] }));
    expect(rowOf(second, "1")).toMatchObject({ pid: 20, comm: "comm-20", closed: true });
    expect(rowOf(second, "1.1").pid).toBe(21);
    expect(second.totals.closed).toBe(2);
  });
});

describe("a late owner", () => {
  it("is taken for a connection that is still open", () => {
    const connections = table();
    const lateOwners = [{ cookie: 1, incarnation: 0, owner: owner(20, "io") }];
    const snapshot = connections.apply(sampleAt(10, { sockets: [readingAt(10)], lateOwners }));
    expect(onlyRow(snapshot).pid).toBe(20);
  });

  it("is not taken for another connection of the same socket", () => {
    const lateOwners = [{ cookie: 1, incarnation: 0, owner: owner(20, "io") }];
    const sockets = [readingAt(10, { incarnation: 1 })];
    expect(onlyRow(table().apply(sampleAt(10, { sockets, lateOwners }))).pid).toBeNull();
  });
});
