import { describe, expect, it } from "vitest";
import { ClosedMemory } from "../../src/engine/closed-memory.js";

const NONE = -1;

describe("ClosedMemory", () => {
  it("remembers the highest incarnation of each socket, numbers and bigints apart", () => {
    const memory = new ClosedMemory({ retentionNs: 100, sockets: 10 });
    memory.remember(1, 3);
    memory.remember(1, 2);
    memory.remember(2n ** 64n - 1n, 0);
    expect(memory.closedUpTo(1)).toBe(3);
    expect(memory.closedUpTo(2n ** 64n - 1n)).toBe(0);
    expect(memory.closedUpTo(2)).toBe(NONE);
  });

  it("forgets by time, but not before it", () => {
    const memory = new ClosedMemory({ retentionNs: 100, sockets: 10 });
    memory.age(1000);
    memory.remember(1, 0);
    memory.remember(2, 0);
    memory.age(1100);
    expect(memory.closedUpTo(1)).toBe(0);
    memory.age(1200);
    expect(memory.closedUpTo(2)).toBe(NONE);
  });

  it("keeps what is still asked for", () => {
    const memory = new ClosedMemory({ retentionNs: 100, sockets: 10 });
    memory.remember(1, 0);
    for (let nowNs = 1000; nowNs < 2000; nowNs += 100) {
      memory.age(nowNs);
      expect(memory.closedUpTo(1)).toBe(0);
    }
  });

  it("forgets the oldest when there are too many", () => {
    const memory = new ClosedMemory({ retentionNs: 1e9, sockets: 2 });
    for (const cookie of [1, 2, 3, 4, 5, 6]) {
      memory.age(1000);
      memory.remember(cookie, 0);
    }
    expect([1, 2, 3, 4, 5, 6].map((cookie) => memory.closedUpTo(cookie))).toEqual([NONE, NONE, 0, 0, 0, 0]);
  });
});
