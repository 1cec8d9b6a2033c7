import { describe, expect, it } from "vitest";
import { ConnectionTable } from "../../../src/engine/connection-table.js";
import type { Stall } from "../../../src/model/sample.js";
import { onlyRow, readingAt, sampleAt, seconds } from "../example-samples.js";

const STALL: Stall = { what: "the walk", sinceMs: 1 };

function cookies(connections: ConnectionTable) {
  return connections.suspects().map(({ cookie }) => cookie);
}

describe("a connection that walks do not see", () => {
  it("is a suspect after two, with all that a look-up needs", () => {
    const connections = new ConnectionTable({ lingerMs: 0 });
    const reading = readingAt(10, { netns: 7 });
    connections.apply(sampleAt(10, { sockets: [reading] }));
    expect(connections.suspects()).toEqual([]);
    connections.apply(sampleAt(11));
    expect(connections.suspects()).toEqual([]);
    connections.apply(sampleAt(12));
    expect(connections.suspects()).toEqual([
      { cookie: 1, proto: "tcp", tuple: reading.tuple, netns: 7, boundDevice: null },
    ]);
  });

  it("is none while walks are stalled, and none when an event speaks of it", () => {
    const connections = new ConnectionTable({ lingerMs: 0 });
    connections.apply(sampleAt(10, { sockets: [readingAt(10)] }));
    for (const at of [11, 12, 13]) connections.apply(sampleAt(at, { stalled: STALL }));
    expect(connections.suspects()).toEqual([]);
    connections.apply(sampleAt(14));
    connections.apply(sampleAt(15, { opened: [readingAt(10)] }));
    expect(connections.suspects()).toEqual([]);
  });

  it("ends when the look-up finds it gone, with its last totals", () => {
    const connections = new ConnectionTable({ lingerMs: 0 });
    connections.apply(sampleAt(10, { sockets: [readingAt(10, { txBytes: 10 })] }));
    for (const at of [11, 12]) connections.apply(sampleAt(at));
    const snapshot = connections.apply(sampleAt(13, { gone: [1] }));
    expect(onlyRow(snapshot)).toMatchObject({
      closed: true,
      change: "closed",
      endReason: "unknown",
      closedNs: null,
      txBytes: 10,
      txRate: null,
    });
    expect(snapshot.totals).toMatchObject({ open: 0, closed: 1 });
    expect(connections.apply(sampleAt(14, { gone: [1] })).connections).toEqual([]);
  });

  it("stays when the look-up finds it alive, and is looked up again after two more walks", () => {
    const connections = new ConnectionTable({ lingerMs: 0 });
    connections.apply(sampleAt(10, { sockets: [readingAt(10)] }));
    const suspected = [11, 12, 13, 14, 15, 16].map((at) => {
      expect(connections.apply(sampleAt(at)).totals.open).toBe(1);
      return connections.suspects().length;
    });
    expect(suspected).toEqual([0, 1, 0, 1, 0, 1]);
  });

  it("is no suspect any more once a walk sees it", () => {
    const connections = new ConnectionTable({ lingerMs: 0 });
    connections.apply(sampleAt(10, { sockets: [readingAt(10)] }));
    connections.apply(sampleAt(11));
    connections.apply(sampleAt(12, { sockets: [readingAt(12)] }));
    connections.apply(sampleAt(13));
    expect(connections.suspects()).toEqual([]);
  });

  it("does the same when it is a listening socket, which counts as no closed connection", () => {
    const connections = new ConnectionTable({ lingerMs: 0 });
    connections.apply(sampleAt(10, { sockets: [readingAt(10, { state: "LISTEN" })] }));
    for (const at of [11, 12]) connections.apply(sampleAt(at));
    expect(cookies(connections)).toEqual([1]);
    const snapshot = connections.apply(sampleAt(13, { gone: [1] }));
    expect(onlyRow(snapshot).closed).toBe(true);
    expect(snapshot.totals).toMatchObject({ listening: 0, closed: 0 });
  });
});

describe("a look-up that found nothing", () => {
  it("says nothing of a connection that the walk sees again", () => {
    const connections = new ConnectionTable({ lingerMs: 0 });
    connections.apply(sampleAt(10, { sockets: [readingAt(10)] }));
    for (const at of [11, 12]) connections.apply(sampleAt(at));
    const snapshot = connections.apply(sampleAt(13, { sockets: [readingAt(13)], gone: [1] }));
    expect(onlyRow(snapshot).closed).toBe(false);
  });

  it("says nothing of a later connection of the same socket", () => {
    const connections = new ConnectionTable({ lingerMs: 0 });
    connections.apply(sampleAt(10, { sockets: [readingAt(10)] }));
    for (const at of [11, 12]) connections.apply(sampleAt(at));
    connections.apply(sampleAt(13, { opened: [readingAt(13, { incarnation: 1, openedNs: seconds(13) })] }));
    const snapshot = connections.apply(sampleAt(14, { gone: [1] }));
    expect(onlyRow(snapshot)).toMatchObject({ id: "1.1", closed: false });
  });
});

describe("suspects", () => {
  it("are so many at most, those unheard of longest first, and all get their turn", () => {
    const connections = new ConnectionTable({ lingerMs: 0, maxSuspects: 2 });
    const sockets = [1, 2, 3, 4, 5].map((cookie) => readingAt(10, { cookie }));
    connections.apply(sampleAt(10, { sockets }));
    connections.apply(
      sampleAt(11, { sockets: [readingAt(11, { cookie: 1 }), readingAt(11, { cookie: 3 })] }),
    );
    connections.apply(sampleAt(12));
    expect(cookies(connections)).toEqual([2, 4]);
    connections.apply(sampleAt(13));
    expect(cookies(connections)).toEqual([5, 1]);
    connections.apply(sampleAt(14));
    expect(cookies(connections)).toEqual([3, 2]);
  });
});
