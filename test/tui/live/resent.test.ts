import { expect, test } from "vitest";
import { ResentMeter } from "../../../src/tui/live/resent.js";
import { snapshotOf } from "./example-state.js";

test("the first snapshot says nothing: what was sent again may be long ago", () => {
  const meter = new ResentMeter();
  expect(meter.look(snapshotOf({ id: "1", retrans: 7 }))).toBeNull();
  expect(meter.look(snapshotOf({ id: "1", retrans: 7 }))).toBe(0);
});

test("per second, over all connections, also of those that came or went meanwhile", () => {
  const meter = new ResentMeter();
  meter.look(snapshotOf({ id: "1", retrans: 7 }, { id: "2", retrans: 0 }, { id: "3", retrans: 5 }));
  const next = snapshotOf({ id: "1", retrans: 9 }, { id: "2", retrans: 4 }, { id: "4", retrans: 1 });
  expect(meter.look({ ...next, intervalMs: 2000 })).toBe(3.5);
});

test("not known while the kernel does not answer; what came meanwhile is in the next", () => {
  const meter = new ResentMeter();
  meter.look(snapshotOf({ id: "1", retrans: 1 }));
  const stalled = { what: "the kernel does not answer", sinceMs: 0 };
  expect(meter.look({ ...snapshotOf({ id: "1", retrans: 1 }), stalled })).toBeNull();
  expect(meter.look(snapshotOf({ id: "1", retrans: 3 }))).toBe(2);
});
