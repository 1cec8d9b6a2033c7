import { expect, test } from "vitest";
import { LossNotices } from "../../src/cli/loss-notices.js";
import { emptySnapshot } from "../../src/model/snapshot.js";

const folded = { connections: 3, txBytes: 10, rxBytes: 20, retransBytes: 0 };

test("a loss is told when it begins and when it grows, not while it lasts", () => {
  const lines: string[] = [];
  const notices = new LossNotices((line) => lines.push(line));
  notices.look(emptySnapshot());
  notices.look({ ...emptySnapshot(), folded });
  notices.look({ ...emptySnapshot(), folded });
  notices.look({ ...emptySnapshot(), folded: { ...folded, connections: 4 } });
  expect(lines).toEqual(["3 closed folded (tx 10B, rx 20B)", "4 closed folded (tx 10B, rx 20B)"]);
});

test("a stall is told once, however long it lasts", () => {
  const lines: string[] = [];
  const notices = new LossNotices((line) => lines.push(line));
  const stalled = { what: "the kernel does not answer", sinceMs: 1000 };
  for (const timeMs of [2000, 3000, 4000]) notices.look({ ...emptySnapshot(), timeMs, stalled });
  expect(lines).toEqual(["stalled: the kernel does not answer for 1.0 s"]);
});
