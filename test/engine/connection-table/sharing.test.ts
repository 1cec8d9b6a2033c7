import { describe, expect, it } from "vitest";
import { ConnectionTable } from "../../../src/engine/connection-table.js";
import type { SocketReading } from "../../../src/model/sample.js";
import { onlyRow, owner, readingAt, sampleAt } from "../example-samples.js";

const READING: Partial<SocketReading> = { txBytes: 10, rxBytes: 20, owner: owner(20) };
const HOLDERS = [{ cookie: 1, pid: 20, comm: "comm-20" }];

/** A table in which one connection has rested for long enough that its rates are known to be 0. */
function restingTable(): ConnectionTable {
  const connections = new ConnectionTable({ lingerMs: 0 });
  for (const at of [10, 11]) {
    connections.apply(sampleAt(at, { sockets: [readingAt(at, READING)], holders: HOLDERS }));
  }
  return connections;
}

describe("structural sharing", () => {
  it("keeps the row of a connection in which nothing changes", () => {
    const connections = restingTable();
    const before = onlyRow(
      connections.apply(sampleAt(12, { sockets: [readingAt(12, READING)], holders: HOLDERS })),
    );
    const after = onlyRow(
      connections.apply(sampleAt(13, { sockets: [readingAt(13, READING)], holders: HOLDERS })),
    );
    expect(before.txRate).toBe(0);
    expect(after).toBe(before);
  });

  it.each<[keyof SocketReading, Partial<SocketReading>]>([
    ["txBytes", { txBytes: 11 }],
    ["rxBytes", { rxBytes: 21 }],
    ["state", { state: "FIN_WAIT1" }],
    ["rttUs", { rttUs: 1 }],
    ["rttvarUs", { rttvarUs: 1 }],
    ["minRttUs", { minRttUs: 1 }],
    ["retrans", { retrans: 1 }],
    ["retransBytes", { retransBytes: 1 }],
    ["cwnd", { cwnd: 1 }],
    ["deliveryRate", { deliveryRate: 1 }],
    ["sendQueue", { sendQueue: 1 }],
    ["recvQueue", { recvQueue: 1 }],
    ["acceptQueue", { acceptQueue: 1 }],
    ["acceptLimit", { acceptLimit: 1 }],
    ["netns", { netns: 1 }],
  ])("makes a new row when %s changes", (name, change) => {
    const connections = restingTable();
    const before = onlyRow(connections.apply(sampleAt(12, { sockets: [readingAt(12, READING)] })));
    const after = onlyRow(
      connections.apply(sampleAt(13, { sockets: [readingAt(13, { ...READING, ...change })] })),
    );
    expect(after).not.toBe(before);
    expect(after).toMatchObject({ [name]: Object.values(change)[0] });
  });

  it.each([
    ["localAddr", { localAddr: "203.0.113.9" }],
    ["localPort", { localPort: 9 }],
    ["remoteAddr", { remoteAddr: "203.0.113.9" }],
    ["remotePort", { remotePort: 9 }],
  ])("makes a new row when %s changes", (_, change) => {
    const connections = restingTable();
    const tuple = { ...readingAt(12).tuple, ...change };
    const after = onlyRow(
      connections.apply(sampleAt(12, { sockets: [readingAt(12, { ...READING, tuple })] })),
    );
    expect(after).toMatchObject(change);
  });

  it("makes a new row when only its birth becomes known", () => {
    const connections = new ConnectionTable({ lingerMs: 0 });
    const walk = (at: number, parts: Partial<SocketReading>) =>
      onlyRow(connections.apply(sampleAt(at, { sockets: [readingAt(at, { direction: null, ...parts })] })));
    for (const at of [10, 11]) expect(walk(at, {}).direction).toBeNull();
    expect(walk(12, { direction: "in" }).direction).toBe("in");
    expect(walk(13, { openedNs: 5 })).toMatchObject({ direction: "in", openedNs: 5 });
  });

  it("makes a new row when its opening is past, though it has not moved a byte", () => {
    const connections = new ConnectionTable({ lingerMs: 0 });
    connections.apply(sampleAt(10));
    const walk = (at: number) =>
      onlyRow(connections.apply(sampleAt(at, { sockets: [readingAt(at, { openedNs: 10.5e9 })] })));
    expect(walk(11)).toMatchObject({ change: "opened", txRate: 0 });
    expect(walk(12).change).toBeNull();
  });

  it("makes a new row when another socket stands for its holders", () => {
    const connections = restingTable();
    const sockets = [readingAt(12, { ...READING, holderCookie: 77 })];
    const holders = [{ cookie: 77, pid: 30, comm: "comm-30" }];
    expect(onlyRow(connections.apply(sampleAt(12, { sockets, holders }))).pid).toBe(30);
  });

  it("makes a new row when only the owners change", () => {
    const connections = restingTable();
    const holders = [...HOLDERS, { cookie: 1, pid: 30, comm: "comm-30" }];
    const after = onlyRow(connections.apply(sampleAt(12, { sockets: [readingAt(12, READING)], holders })));
    expect(after.owners.map(({ pid }) => pid)).toEqual([20, 30]);
  });

  it("shows a rate falling to 0 once, and then the same row again", () => {
    const connections = restingTable();
    const walk = (at: number) =>
      onlyRow(connections.apply(sampleAt(at, { sockets: [readingAt(at, { ...READING, txBytes: 90 })] })));
    expect(walk(12).txRate).toBe(80);
    const rested = walk(13);
    expect(rested.txRate).toBe(0);
    expect(walk(14)).toBe(rested);
  });
});
