import { expect, test } from "vitest";
import type { Snapshot } from "../../src/model/snapshot.js";
import { interfacesExcess, reconciliationWords } from "../../src/output/reconciliation.js";
import { exampleFrame } from "./example-frame.js";

const SNAPSHOT = exampleFrame([]).snapshot;
const MOVED = { txBytes: 0, rxBytes: 0, txRate: 60, rxRate: 40 };

function snapshot(passed: number | null, changes: Partial<Snapshot["totals"]> = {}): Snapshot {
  return {
    ...SNAPSHOT,
    totals: { ...SNAPSHOT.totals, ...MOVED, tcp: MOVED, ...changes },
    interfaces: passed === null ? null : { ...MOVED, txRate: passed, rxRate: 0, names: ["lo"], devices: [] },
  };
}

test("the interfaces' excess is that of both ways together over all payload", () => {
  expect(interfacesExcess(snapshot(104))).toBeCloseTo(4);
  expect(interfacesExcess(snapshot(70))).toBeCloseTo(-30);
});

test("nothing is compared where a side is not known, and where no payload was moved", () => {
  expect(interfacesExcess(snapshot(null))).toBeNull();
  expect(interfacesExcess(snapshot(104, { txRate: null, rxRate: null }))).toBeNull();
  expect(interfacesExcess(snapshot(104, { txRate: 0, rxRate: 0 }))).toBeNull();
});

test("the words name what makes the difference", () => {
  expect(reconciliationWords(snapshot(104))).toBe(
    "tcp tx 60B/s, rx 40B/s; udp tx 123B/s, rx 100B/s; interfaces tx 104B/s, rx 0B/s " +
      "(+4 %: headers, ACKs, resends, other protocols, forwarded)",
  );
  expect(reconciliationWords(snapshot(70))).toContain(" (-30 %: other namespaces have their own)");
  expect(reconciliationWords(snapshot(99.8))).toContain(" (+0 %: ");
});

test("what is not counted is a dash, and UDP is among the rest then", () => {
  const words = reconciliationWords(snapshot(104, { udp: null }));
  expect(words).toContain("udp tx -, rx -; ");
  expect(words).toContain("resends, UDP, other protocols");
  const none = { tcp: null, udp: null, txBytes: null, rxBytes: null, txRate: null, rxRate: null };
  expect(reconciliationWords(snapshot(104, none))).toBe(
    "tcp tx -, rx -; udp tx -, rx -; interfaces tx 104B/s, rx 0B/s",
  );
});
