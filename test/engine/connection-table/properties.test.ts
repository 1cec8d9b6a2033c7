import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ConnectionTable } from "../../../src/engine/connection-table.js";
import type { Connection } from "../../../src/model/connection.js";
import type { SocketReading } from "../../../src/model/sample.js";
import type { Snapshot } from "../../../src/model/snapshot.js";
import { type Life, lives, type Truth } from "./example-hosts.js";

function snapshotsOf({ samples }: Life, lingerMs: number): readonly Snapshot[] {
  const connections = new ConnectionTable({ lingerMs });
  return samples.map((sample) => connections.apply(sample));
}

/** The same life, by a collector that compares what it reads: what says the same has one number. */
function withRevisions({ samples, truths }: Life): Life {
  const known = new Map<string, number>();
  const numbered = (reading: SocketReading): SocketReading => {
    const { readNs, clock, revision, ...says } = reading;
    const text = JSON.stringify(says, (_, value) => (typeof value === "bigint" ? String(value) : value));
    const number = known.get(text) ?? known.size + 1;
    known.set(text, number);
    return { ...reading, revision: number };
  };
  return {
    truths,
    samples: samples.map((sample) => ({ ...sample, sockets: sample.sockets.map(numbered) })),
  };
}

function last(snapshots: readonly Snapshot[]): Snapshot {
  const snapshot = snapshots.at(-1);
  if (snapshot === undefined) throw new Error("no samples");
  return snapshot;
}

function sum(truths: readonly Truth[], bytes: "txBytes" | "rxBytes"): number {
  return truths.reduce((total, truth) => total + truth[bytes], 0);
}

describe("for any life of a host", () => {
  it("the totals are the bytes that moved, and each connection closes exactly once", () => {
    fc.assert(
      fc.property(lives, (life) => {
        const { totals } = last(snapshotsOf(life, 0));
        expect(totals).toMatchObject({
          txBytes: sum(life.truths, "txBytes"),
          rxBytes: sum(life.truths, "rxBytes"),
          open: life.truths.filter(({ isOpen }) => isOpen).length,
          closed: life.truths.filter(({ isOpen }) => !isOpen).length,
        });
      }),
    );
  });

  it("each connection whose end was told has one closed row with its bytes, each open one an open row", () => {
    fc.assert(
      fc.property(lives, (life) => {
        const snapshots = snapshotsOf(life, 0);
        const closedRows = snapshots.flatMap(({ connections }) => connections.filter(({ closed }) => closed));
        const openRows = last(snapshots).connections.filter(({ closed }) => !closed);
        expect(new Set(closedRows.map(({ id }) => id)).size).toBe(closedRows.length);
        const told = life.truths.filter(({ isFolded }) => !isFolded);
        const rows = [...closedRows.filter(({ endReason }) => endReason !== "unknown"), ...openRows];
        expect(rows.map(bytesOfRow).sort()).toEqual(told.map(bytesOfTruth).sort());
      }),
    );
  });

  it("a row is never open again, and never in a snapshot twice", () => {
    fc.assert(
      fc.property(lives, fc.constantFrom(0, 1500, 60_000), (life, lingerMs) => {
        const closed = new Set<string>();
        for (const { connections } of snapshotsOf(life, lingerMs)) {
          expect(new Set(connections.map(({ id }) => id)).size).toBe(connections.length);
          expect(connections.filter((row) => !row.closed && closed.has(row.id))).toEqual([]);
          for (const row of connections) if (row.closed) closed.add(row.id);
        }
      }),
    );
  });

  it("rates are never negative, totals never go back", () => {
    fc.assert(
      fc.property(lives, (life) => {
        const snapshots = snapshotsOf(life, 1500);
        const rates = snapshots.flatMap(({ connections, totals }) =>
          [...connections, totals].flatMap(({ txRate, rxRate }) => [txRate ?? 0, rxRate ?? 0]),
        );
        expect(Math.min(...rates)).toBeGreaterThanOrEqual(0);
        const totals = snapshots.map((snapshot) => snapshot.totals.txBytes ?? Number.NaN);
        expect(totals).toEqual(totals.toSorted((a, b) => a - b));
      }),
    );
  });

  it("readings that are known to say the same give what readings give that are compared", () => {
    fc.assert(
      fc.property(lives, fc.constantFrom(0, 1500), (life, lingerMs) => {
        expect(snapshotsOf(withRevisions(life), lingerMs)).toEqual(snapshotsOf(life, lingerMs));
      }),
    );
  });

  it("the same samples give the same snapshots", () => {
    fc.assert(
      fc.property(lives, (life) => {
        expect(snapshotsOf(life, 1500)).toEqual(snapshotsOf(life, 1500));
      }),
    );
  });
});

function bytesOfRow({ id, closed, txBytes, rxBytes }: Connection): string {
  return `${id} ${closed ? "closed" : "open"} ${txBytes} ${rxBytes}`;
}

function bytesOfTruth({ id, isOpen, txBytes, rxBytes }: Truth): string {
  return `${id} ${isOpen ? "open" : "closed"} ${txBytes} ${rxBytes}`;
}
