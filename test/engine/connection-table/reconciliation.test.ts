import { describe, expect, it } from "vitest";
import { ConnectionTable } from "../../../src/engine/connection-table.js";
import type { InterfaceReading, Sample } from "../../../src/model/sample.js";
import { stalledSnapshot } from "../../../src/model/snapshot.js";
import { readingAt, sampleAt } from "../example-samples.js";

const STALLED = { what: "a lock", sinceMs: 0 };

function table(): ConnectionTable {
  return new ConnectionTable({ lingerMs: 0 });
}

function device(name: string, txBytes: number, rxBytes: number, isStacked: boolean | null = false) {
  return { name, txBytes, rxBytes, isStacked } satisfies InterfaceReading;
}

/** A sample with one TCP and one UDP connection that have sent that much. */
function sent(atSeconds: number, tcp: number, udp: number, parts: Partial<Sample> = {}): Sample {
  return sampleAt(atSeconds, {
    sockets: [
      readingAt(atSeconds, { cookie: 1, txBytes: tcp, rxBytes: 10 * tcp }),
      readingAt(atSeconds, { cookie: 2, proto: "udp", state: "UNCONN", txBytes: udp, rxBytes: 2 * udp }),
    ],
    ...parts,
  });
}

describe("totals by protocol", () => {
  it("have their own bytes and rates, and add up", () => {
    const connections = table();
    connections.apply(sent(10, 100, 1000));
    const { totals } = connections.apply(sent(12, 300, 1050));
    expect(totals).toMatchObject({
      tcp: { txBytes: 200, rxBytes: 2000, txRate: 100, rxRate: 1000 },
      udp: { txBytes: 50, rxBytes: 100, txRate: 25, rxRate: 50 },
      ...{ txBytes: 250, rxBytes: 2100, txRate: 125, rxRate: 1050 },
    });
  });

  it("have no rates in the first sample", () => {
    const none = { txBytes: 0, rxBytes: 0, txRate: null, rxRate: null };
    expect(table().apply(sent(10, 100, 1000)).totals).toMatchObject({ tcp: none, udp: none });
  });

  it("count what was folded as TCP's", () => {
    const folded = { connections: 1, txBytes: 7, rxBytes: 8, retransBytes: 0 };
    const connections = table();
    connections.apply(sampleAt(10));
    const { totals } = connections.apply(sampleAt(11, { folded }));
    expect(totals.tcp).toMatchObject({ txBytes: 7, rxBytes: 8, txRate: 7 });
    expect(totals.udp).toMatchObject({ txBytes: 0, rxBytes: 0 });
  });

  it("are unknown for what the collector can't count, and for all when it can count nothing", () => {
    const connections = table();
    connections.apply(sent(10, 100, 1000, { uncounted: ["udp"] }));
    const half = connections.apply(sent(11, 300, 1000, { uncounted: ["udp"] })).totals;
    expect(half).toMatchObject({ udp: null, tcp: { txBytes: 200 }, txBytes: 200, txRate: 200 });
    const none = table().apply(sent(10, 0, 0, { uncounted: ["tcp", "udp"] })).totals;
    expect(none).toMatchObject({ tcp: null, udp: null, txBytes: null, rxBytes: null, txRate: null });
  });
});

describe("interfaces", () => {
  it("have rates over the time between their own readings", () => {
    const connections = table();
    const at = (seconds: number, txBytes: number, readSeconds: number) =>
      sampleAt(seconds, {
        interfaces: [device("eth0", txBytes, 0)],
        interfacesReadNs: readSeconds * 1e9,
      });
    connections.apply(at(10, 0, 10));
    const { interfaces } = connections.apply(at(11, 500, 12));
    expect(interfaces).toMatchObject({ txRate: 250, devices: [{ name: "eth0", txRate: 250 }] });
  });

  const at = (seconds: number, ...interfaces: readonly InterfaceReading[]) =>
    sampleAt(seconds, { interfaces });

  it("are summed up since the first sample, but for the stacked, which are told one by one only", () => {
    const connections = table();
    const first = connections.apply(at(10, device("lo", 1e9, 1e9), device("eth0", 500, 0))).interfaces;
    expect(first).toMatchObject({ txBytes: 0, rxBytes: 0, txRate: null, rxRate: null });
    connections.apply(
      at(11, device("lo", 1e9 + 5, 1e9 + 5), device("eth0", 600, 0), device("br0", 0, 0, true)),
    );
    const { interfaces } = connections.apply(
      at(13, device("lo", 1e9 + 5, 1e9 + 5), device("eth0", 800, 40), device("br0", 190, 40, true)),
    );
    expect(interfaces).toEqual({
      ...{ txBytes: 305, rxBytes: 45, txRate: 100, rxRate: 20 },
      names: ["lo", "eth0"],
      devices: [
        { name: "lo", isStacked: false, txBytes: 5, rxBytes: 5, txRate: 0, rxRate: 0 },
        { name: "eth0", isStacked: false, txBytes: 300, rxBytes: 40, txRate: 100, rxRate: 20 },
        { name: "br0", isStacked: true, txBytes: 190, rxBytes: 40, txRate: 95, rxRate: 20 },
      ],
    });
  });

  it("count from their first reading, and from zero when their counters went back", () => {
    const connections = table();
    connections.apply(at(10, device("eth0", 100, 100)));
    connections.apply(at(11, device("eth0", 100, 100), device("veth1", 9000, 9000)));
    const moved = connections.apply(at(12, device("eth0", 30, 100), device("veth1", 9001, 9000))).interfaces;
    expect(moved).toMatchObject({ txBytes: 31, rxBytes: 0, txRate: 31 });
  });

  it("keep what is gone in the sum, and begin anew with one that comes back", () => {
    const connections = table();
    connections.apply(at(10, device("eth0", 100, 100)));
    connections.apply(at(11, device("eth0", 150, 100)));
    connections.apply(at(12));
    expect(connections.apply(at(13, device("eth0", 500, 500))).interfaces).toMatchObject({ txBytes: 50 });
  });

  it("are unknown when it can't be told what stands on what; the next that can be told make up for it", () => {
    const connections = table();
    connections.apply(at(10, device("eth0", 100, 100)));
    expect(connections.apply(at(11, device("eth0", 200, 100, null))).interfaces).toBeNull();
    expect(connections.apply(at(14, device("eth0", 500, 100))).interfaces).toMatchObject({
      txBytes: 400,
      txRate: 100,
    });
  });

  it("are unknown to collectors that do not look", () => {
    expect(table().apply(sampleAt(10)).interfaces).toBeNull();
  });

  it("have no rates while the collector is stalled, and are measured over the same time as payload then", () => {
    const connections = table();
    connections.apply(sent(10, 0, 0, { interfaces: [device("lo", 0, 0)] }));
    const stalled = connections.apply(
      sent(11, 50, 0, { interfaces: [device("lo", 60, 0)], stalled: STALLED }),
    );
    expect(stalled.interfaces).toMatchObject({ txBytes: 60, txRate: null });
    const { totals, interfaces } = connections.apply(
      sent(12, 100, 0, { interfaces: [device("lo", 120, 0)] }),
    );
    expect([totals.txRate, interfaces?.txRate]).toEqual([50, 60]);
  });

  it("are shown without rates while there is no new sample", () => {
    const connections = table();
    connections.apply(at(10, device("lo", 0, 0)));
    const latest = connections.apply(at(11, device("lo", 50, 50)));
    expect(stalledSnapshot(latest, 0, STALLED).interfaces).toMatchObject({
      ...{ txBytes: 50, txRate: null, rxRate: null },
      devices: [{ txBytes: 50, txRate: null, rxRate: null }],
    });
  });
});
