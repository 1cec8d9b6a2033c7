import { describe, expect, it } from "vitest";
import { ConnectionTable } from "../../../src/engine/connection-table.js";
import { closedAt, onlyRow, readingAt, rowOf, sampleAt, seconds } from "../example-samples.js";

function table(): ConnectionTable {
  return new ConnectionTable({ lingerMs: 0 });
}

describe("a connection that is older than the collector", () => {
  it("shows its lifetime totals at once, without a rate, and has moved nothing since the collector started", () => {
    const snapshot = table().apply(
      sampleAt(10, { sockets: [readingAt(10, { txBytes: 5000, rxBytes: 70 })] }),
    );
    expect(onlyRow(snapshot)).toMatchObject({
      txBytes: 5000,
      rxBytes: 70,
      txRate: null,
      rxRate: null,
      change: null,
    });
    expect(snapshot.totals).toMatchObject({ open: 1, txBytes: 0, rxBytes: 0, txRate: null, rxRate: null });
    expect(snapshot.intervalMs).toBeNull();
  });

  it("has no rate in its first reading, also in a later sample", () => {
    const connections = table();
    connections.apply(sampleAt(10));
    const snapshot = connections.apply(sampleAt(11, { sockets: [readingAt(11, { txBytes: 5000 })] }));
    expect(onlyRow(snapshot)).toMatchObject({ txRate: null, change: null });
    expect(snapshot.totals).toMatchObject({ txBytes: 0, txRate: 0 });
  });

  it("counts only what it moves from its first reading on when that is its close", () => {
    const connections = table();
    connections.apply(sampleAt(10));
    const snapshot = connections.apply(sampleAt(11, { closed: [closedAt(10.5, { txBytes: 5000 })] }));
    expect(onlyRow(snapshot)).toMatchObject({ closed: true, txBytes: 5000, txRate: null });
    expect(snapshot.totals).toMatchObject({ closed: 1, txBytes: 0 });
  });
});

describe("rates", () => {
  it("divide by the time between the two readings, the totals' by the interval between the samples", () => {
    const connections = table();
    connections.apply(sampleAt(10, { sockets: [readingAt(9.9, { txBytes: 100, rxBytes: 10 })] }));
    const snapshot = connections.apply(
      sampleAt(12, { sockets: [readingAt(11.4, { txBytes: 400, rxBytes: 160 })] }),
    );
    expect(onlyRow(snapshot)).toMatchObject({ txRate: 200, rxRate: 100 });
    expect(snapshot.totals).toMatchObject({ txBytes: 300, rxBytes: 150, txRate: 150, rxRate: 75 });
    expect(snapshot.intervalMs).toBe(2000);
  });

  it("of a connection born between samples count from zero over the interval", () => {
    const connections = table();
    connections.apply(sampleAt(10));
    const born = { openedNs: seconds(11.9), txBytes: 4000, rxBytes: 200 };
    const snapshot = connections.apply(sampleAt(12, { sockets: [readingAt(12, born)] }));
    expect(onlyRow(snapshot)).toMatchObject({ txRate: 2000, rxRate: 100, change: "opened" });
    expect(snapshot.totals).toMatchObject({ txBytes: 4000, txRate: 2000, rxRate: 100 });
  });

  it("of a connection that lived and died between samples are over the interval too", () => {
    const connections = table();
    connections.apply(sampleAt(10));
    const short = { openedNs: seconds(11.9), txBytes: 4000, rxBytes: 200 };
    const snapshot = connections.apply(sampleAt(12, { closed: [closedAt(11.9001, short)] }));
    expect(onlyRow(snapshot)).toMatchObject({ closed: true, change: "closed", txRate: 2000, rxRate: 100 });
    expect(snapshot.totals).toMatchObject({ open: 0, closed: 1, txBytes: 4000, txRate: 2000 });
  });

  it("of a connection that closes are over all the time since its last reading", () => {
    const connections = table();
    connections.apply(sampleAt(10, { sockets: [readingAt(10, { txBytes: 1000 })] }));
    const snapshot = connections.apply(sampleAt(12, { closed: [closedAt(10.001, { txBytes: 3000 })] }));
    expect(onlyRow(snapshot).txRate).toBe(1000);
    expect(snapshot.totals.txRate).toBe(1000);
  });

  it("of a connection born while the collector ran but first heard of late are over its life", () => {
    const connections = table();
    connections.apply(sampleAt(10));
    connections.apply(sampleAt(12));
    const late = readingAt(14, { openedNs: seconds(10), txBytes: 4000 });
    const snapshot = connections.apply(sampleAt(14, { sockets: [late] }));
    expect(onlyRow(snapshot).txRate).toBe(1000);
    expect(snapshot.totals.txBytes).toBe(4000);
  });

  it("are unknown in the first sample, also of what was born before it: but the bytes count", () => {
    const snapshot = table().apply(
      sampleAt(10, { sockets: [readingAt(10, { openedNs: seconds(9.9), txBytes: 4000 })] }),
    );
    expect(onlyRow(snapshot)).toMatchObject({ txRate: null, change: "opened" });
    expect(snapshot.totals).toMatchObject({ txBytes: 4000, txRate: null });
  });

  it("are unknown of a connection that only its opening told of, and measured from there afterwards", () => {
    const connections = table();
    connections.apply(sampleAt(10));
    const opened = readingAt(11.5, { openedNs: seconds(11.5) });
    const first = connections.apply(sampleAt(12, { opened: [opened] }));
    expect(onlyRow(first)).toMatchObject({ txBytes: 0, txRate: null, change: "opened" });
    const walked = readingAt(13.5, { openedNs: seconds(11.5), txBytes: 800 });
    const second = connections.apply(sampleAt(14, { sockets: [walked] }));
    expect(onlyRow(second)).toMatchObject({ txRate: 400, change: null });
  });

  it("span the walks that missed the connection", () => {
    const connections = table();
    connections.apply(sampleAt(10, { sockets: [readingAt(10, { txBytes: 1000 })] }));
    const missed = connections.apply(sampleAt(11));
    expect(onlyRow(missed)).toMatchObject({ closed: false, txBytes: 1000, txRate: null, rxRate: null });
    const seen = connections.apply(sampleAt(12, { sockets: [readingAt(12, { txBytes: 1500 })] }));
    expect(onlyRow(seen).txRate).toBe(250);
  });
});

describe("counters", () => {
  it("show the newest value when they go back, with a rate of 0 and no loss in the totals", () => {
    const connections = table();
    const walk = (at: number, rxBytes: number) =>
      connections.apply(sampleAt(at, { sockets: [readingAt(at, { openedNs: seconds(10.5), rxBytes })] }));
    connections.apply(sampleAt(10));
    expect(walk(11, 101).totals.rxBytes).toBe(101);
    const back = walk(12, 100);
    expect(onlyRow(back)).toMatchObject({ rxBytes: 100, rxRate: 0 });
    expect(back.totals).toMatchObject({ rxBytes: 101, rxRate: 0 });
    expect(walk(13, 150).totals.rxBytes).toBe(150);
  });

  it("stay unknown when they are", () => {
    const connections = table();
    connections.apply(sampleAt(10, { sockets: [readingAt(10, { txBytes: null, rxBytes: 5 })] }));
    const snapshot = connections.apply(
      sampleAt(11, { sockets: [readingAt(11, { txBytes: null, rxBytes: 15 })] }),
    );
    expect(onlyRow(snapshot)).toMatchObject({ txBytes: null, txRate: null, rxBytes: 15, rxRate: 10 });
    expect(snapshot.totals).toMatchObject({ txBytes: 0, rxBytes: 10 });
  });

  it("of a socket that stands twice in a walk are those read later, measured against the sample before", () => {
    const connections = table();
    connections.apply(sampleAt(10, { sockets: [readingAt(10, { txBytes: 1000 })] }));
    const early = readingAt(11, { txBytes: 1500 });
    const late = readingAt(12, { txBytes: 3000 });
    const ascending = connections.apply(sampleAt(12, { sockets: [early, late] }));
    expect(onlyRow(ascending)).toMatchObject({ txBytes: 3000, txRate: 1000 });
    const descending = connections.apply(
      sampleAt(14, { sockets: [readingAt(14, { txBytes: 5000 }), readingAt(13, { txBytes: 4000 })] }),
    );
    expect(onlyRow(descending)).toMatchObject({ txBytes: 5000, txRate: 1000 });
    expect(descending.totals.txBytes).toBe(4000);
  });

  it("of a walk that comes late do not replace newer ones", () => {
    const connections = table();
    connections.apply(sampleAt(10, { sockets: [readingAt(10, { txBytes: 1000 })] }));
    const snapshot = connections.apply(sampleAt(11, { sockets: [readingAt(9.5, { txBytes: 900 })] }));
    expect(onlyRow(snapshot)).toMatchObject({ txBytes: 1000, txRate: null });
  });

  it("of an opening do not replace what the walk read", () => {
    const connections = table();
    connections.apply(sampleAt(10));
    const walked = readingAt(11, { txBytes: 700 });
    const opened = readingAt(11.1, { openedNs: seconds(10.9), owner: null });
    const snapshot = connections.apply(sampleAt(11.2, { sockets: [walked], opened: [opened] }));
    expect(onlyRow(snapshot)).toMatchObject({ txBytes: 700, openedNs: seconds(10.9), change: "opened" });
    expect(snapshot.totals.txBytes).toBe(700);
  });
});

describe("totals", () => {
  it("count listening sockets and connections apart", () => {
    const snapshot = table().apply(
      sampleAt(10, {
        sockets: [readingAt(10), readingAt(10, { cookie: 2, state: "LISTEN", txBytes: null, rxBytes: null })],
      }),
    );
    expect(snapshot.totals).toMatchObject({ open: 1, listening: 1 });
  });

  it("include what was folded, in bytes, rates and closed connections", () => {
    const connections = table();
    const folded = { connections: 2, txBytes: 100, rxBytes: 10, retransBytes: 0 };
    expect(connections.apply(sampleAt(10, { folded })).totals).toMatchObject({ closed: 2, txBytes: 100 });
    const more = { connections: 5, txBytes: 500, rxBytes: 30, retransBytes: 0 };
    const snapshot = connections.apply(
      sampleAt(12, { folded: more, closed: [closedAt(11, { openedNs: seconds(11), txBytes: 1000 })] }),
    );
    expect(snapshot.totals).toMatchObject({ closed: 6, txBytes: 1500, rxBytes: 30, txRate: 700, rxRate: 10 });
    expect(snapshot.folded).toEqual(more);
  });

  it("count a connection once that was folded and whose row was found gone", () => {
    const connections = table();
    connections.apply(sampleAt(10, { sockets: [readingAt(10), readingAt(10, { cookie: 2 })] }));
    const folded = { connections: 1, txBytes: 0, rxBytes: 0, retransBytes: 0 };
    for (const at of [11, 12]) connections.apply(sampleAt(at, { folded, sockets: [readingAt(at)] }));
    const snapshot = connections.apply(sampleAt(13, { folded, sockets: [readingAt(13)], gone: [2] }));
    expect(snapshot.totals).toMatchObject({ open: 1, closed: 1 });
  });

  it("have no rate while stalled, and measure over the stall afterwards", () => {
    const connections = table();
    const stalled = { what: "the walk", sinceMs: 1 };
    connections.apply(sampleAt(10, { sockets: [readingAt(10, { txBytes: 0 })] }));
    const during = connections.apply(sampleAt(11, { stalled }));
    expect(during.totals.txRate).toBeNull();
    expect(during.stalled).toEqual(stalled);
    const after = connections.apply(sampleAt(14, { sockets: [readingAt(14, { txBytes: 4000 })] }));
    expect(after.totals.txRate).toBe(1000);
    expect(onlyRow(after).txRate).toBe(1000);
  });
});

describe("identity", () => {
  it("keeps cookies above 2^53 and their neighbours apart", () => {
    const cookie = 2n ** 64n - 1n;
    const snapshot = table().apply(
      sampleAt(10, {
        sockets: [readingAt(10, { cookie }), readingAt(10, { cookie: cookie - 1n, incarnation: 2 })],
      }),
    );
    expect(rowOf(snapshot, "18446744073709551615").cookie).toBe(cookie);
    expect(rowOf(snapshot, "18446744073709551614.2").incarnation).toBe(2);
  });
});
