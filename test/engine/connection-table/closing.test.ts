import { describe, expect, it } from "vitest";
import { ConnectionTable } from "../../../src/engine/connection-table.js";
import { connectionAgeMs } from "../../../src/model/connection.js";
import { closedAt, onlyRow, readingAt, rowOf, sampleAt, seconds } from "../example-samples.js";

function table(lingerMs = 0): ConnectionTable {
  return new ConnectionTable({ lingerMs });
}

describe("a close record", () => {
  it("ends the row with the final totals and the reason, in exactly one snapshot without linger", () => {
    const connections = table();
    connections.apply(sampleAt(10, { sockets: [readingAt(10, { txBytes: 10 })] }));
    const last = closedAt(10.5, { txBytes: 30, rxBytes: 40, endReason: "reset_by_peer" });
    const snapshot = connections.apply(sampleAt(11, { closed: [last] }));
    expect(onlyRow(snapshot)).toMatchObject({
      closed: true,
      change: "closed",
      endReason: "reset_by_peer",
      closedNs: seconds(10.5),
      state: "LAST_ACK",
      txBytes: 30,
      rxBytes: 40,
    });
    expect(snapshot.totals).toMatchObject({ open: 0, closed: 1 });
    expect(connections.apply(sampleAt(11)).connections).toEqual([]);
  });

  it("is final beside a walk of the same sample, whatever their times", () => {
    const connections = table();
    const snapshot = connections.apply(
      sampleAt(11, {
        sockets: [readingAt(10.9, { txBytes: 10 })],
        opened: [readingAt(10.1, { openedNs: seconds(10.1) })],
        closed: [closedAt(10.8, { txBytes: 30 })],
      }),
    );
    expect(onlyRow(snapshot)).toMatchObject({ closed: true, txBytes: 30 });
    expect(snapshot.totals).toMatchObject({ closed: 1, txBytes: 30 });
  });

  it("keeps what only the row knew", () => {
    const connections = table();
    connections.apply(sampleAt(10));
    connections.apply(
      sampleAt(11, { sockets: [readingAt(11, { openedNs: seconds(10.5), direction: "in" })] }),
    );
    const snapshot = connections.apply(
      sampleAt(12, { closed: [closedAt(11.5, { openedNs: null, direction: null })] }),
    );
    const row = onlyRow(snapshot);
    expect(row).toMatchObject({ openedNs: seconds(10.5), direction: "in" });
    expect(connectionAgeMs(row, snapshot.readNs)).toBe(1000);
  });

  it("ends a listening socket in the same way, which counts as no closed connection", () => {
    const connections = table();
    connections.apply(sampleAt(10, { sockets: [readingAt(10, { state: "LISTEN" })] }));
    const snapshot = connections.apply(sampleAt(11, { closed: [closedAt(11, { state: "LISTEN" })] }));
    expect(onlyRow(snapshot)).toMatchObject({ closed: true, state: "LISTEN", change: "closed" });
    expect(snapshot.totals).toMatchObject({ listening: 0, open: 0, closed: 0 });
  });

  it("that comes twice closes once", () => {
    const connections = table();
    connections.apply(sampleAt(10, { closed: [closedAt(10), closedAt(10)] }));
    const snapshot = connections.apply(sampleAt(11, { closed: [closedAt(10)] }));
    expect(snapshot.connections).toEqual([]);
    expect(snapshot.totals.closed).toBe(1);
  });
});

describe("after the close", () => {
  it("the row lingers as long as told, unchanged but for its rates", () => {
    const connections = table(2000);
    connections.apply(sampleAt(10));
    const closed = closedAt(10.5, { openedNs: seconds(10.2), txBytes: 500 });
    const first = onlyRow(connections.apply(sampleAt(11, { closed: [closed] })));
    expect(first).toMatchObject({ txRate: 500, change: "closed" });
    const second = onlyRow(connections.apply(sampleAt(12)));
    expect(second).toEqual({ ...first, txRate: 0, rxRate: 0, change: null });
    expect(onlyRow(connections.apply(sampleAt(13)))).toBe(second);
    expect(connections.apply(sampleAt(13.1)).connections).toEqual([]);
  });

  it("a late walk, a mini-socket or a late opening neither reopens nor re-closes it", () => {
    const connections = table();
    connections.apply(sampleAt(10, { closed: [closedAt(10)] }));
    const snapshot = connections.apply(
      sampleAt(11, {
        sockets: [
          readingAt(9.9),
          readingAt(11, { state: "FIN_WAIT2" }),
          readingAt(11, { state: "TIME_WAIT" }),
        ],
        opened: [readingAt(9.8)],
      }),
    );
    expect(snapshot.connections).toEqual([]);
    expect(snapshot.totals).toMatchObject({ open: 0, closed: 1 });
  });

  it("a mini-socket that is seen for minutes stays known", () => {
    const connections = table();
    connections.apply(sampleAt(10, { closed: [closedAt(10)] }));
    for (let at = 40; at <= 1000; at += 60) {
      const snapshot = connections.apply(sampleAt(at, { sockets: [readingAt(at, { state: "FIN_WAIT2" })] }));
      expect(snapshot.connections).toEqual([]);
    }
  });
});

describe("TIME_WAIT and CLOSE", () => {
  it("open no row, and do not touch one that is open", () => {
    const connections = table();
    connections.apply(sampleAt(10, { sockets: [readingAt(10, { txBytes: 10 })] }));
    const snapshot = connections.apply(
      sampleAt(11, {
        sockets: [
          readingAt(11, { state: "TIME_WAIT", txBytes: 0 }),
          readingAt(11, { cookie: 2, state: "TIME_WAIT" }),
          readingAt(11, { cookie: 3, state: "CLOSE" }),
        ],
      }),
    );
    expect(onlyRow(snapshot)).toMatchObject({ txBytes: 10, state: "ESTABLISHED", closed: false });
  });
});

describe("a later incarnation", () => {
  it("ends the connection before it, whose end was not seen", () => {
    const connections = table();
    connections.apply(sampleAt(10, { sockets: [readingAt(10, { txBytes: 10, openedNs: seconds(9) })] }));
    const snapshot = connections.apply(
      sampleAt(11, { sockets: [readingAt(11, { incarnation: 1, openedNs: seconds(10.5), txBytes: 3 })] }),
    );
    const ended = rowOf(snapshot, "1");
    expect(ended).toMatchObject({
      closed: true,
      endReason: "unknown",
      txBytes: 10,
      txRate: null,
      closedNs: null,
    });
    expect(connectionAgeMs(ended, snapshot.readNs)).toBeNull();
    expect(rowOf(snapshot, "1.1")).toMatchObject({ closed: false, txBytes: 3, change: "opened" });
    expect(snapshot.totals).toMatchObject({ open: 1, closed: 1 });
  });

  it("leaves the end to the close record when that is in the same sample", () => {
    const connections = table();
    connections.apply(sampleAt(10, { sockets: [readingAt(10)] }));
    const snapshot = connections.apply(
      sampleAt(11, {
        sockets: [readingAt(11, { incarnation: 2, txBytes: 2 })],
        closed: [
          closedAt(10.3, { txBytes: 100, endReason: "refused" }),
          closedAt(10.6, { incarnation: 1, txBytes: 1 }),
        ],
      }),
    );
    expect(rowOf(snapshot, "1")).toMatchObject({ closed: true, txBytes: 100, endReason: "refused" });
    expect(rowOf(snapshot, "1.1")).toMatchObject({ closed: true, txBytes: 1, endReason: "fin" });
    expect(rowOf(snapshot, "1.2")).toMatchObject({ closed: false, txBytes: 2 });
    expect(snapshot.totals).toMatchObject({ open: 1, closed: 2 });
  });

  it("first heard of by its close record ends the one before it too", () => {
    const connections = table();
    connections.apply(sampleAt(10, { sockets: [readingAt(10)] }));
    const snapshot = connections.apply(sampleAt(11, { closed: [closedAt(11, { incarnation: 1 })] }));
    expect(rowOf(snapshot, "1")).toMatchObject({ closed: true, endReason: "unknown" });
    expect(rowOf(snapshot, "1.1")).toMatchObject({ closed: true, endReason: "fin" });
  });

  it("makes past what comes of those before it, also when these were never heard of", () => {
    const connections = table();
    connections.apply(sampleAt(10, { sockets: [readingAt(10, { incarnation: 1 })] }));
    const snapshot = connections.apply(
      sampleAt(11, { sockets: [readingAt(11, { incarnation: 1 }), readingAt(9)], opened: [readingAt(9)] }),
    );
    expect(onlyRow(snapshot)).toMatchObject({ id: "1.1", closed: false });
  });

  it("makes readings and records of those before it past", () => {
    const connections = table();
    connections.apply(sampleAt(10, { sockets: [readingAt(10)] }));
    connections.apply(sampleAt(11, { sockets: [readingAt(11, { incarnation: 1, txBytes: 5 })] }));
    const snapshot = connections.apply(
      sampleAt(12, {
        sockets: [readingAt(12, { incarnation: 1, txBytes: 5 }), readingAt(12, { txBytes: 999 })],
        opened: [readingAt(10)],
        closed: [closedAt(10)],
      }),
    );
    expect(onlyRow(snapshot)).toMatchObject({ id: "1.1", txBytes: 5, txRate: 0, closed: false });
    expect(snapshot.totals.closed).toBe(1);
  });
});
