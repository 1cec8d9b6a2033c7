import { describe, expect, test } from "vitest";
import { DeviceNames, type LookUpDevices } from "../../../src/collect/enrichment/device-names.js";

/** Namespaces with their devices' names by index, which can be changed, and who asked for what. */
function namesOfTest(namespaces: Readonly<Record<number, Readonly<Record<number, string>> | null>>) {
  const asked: string[] = [];
  const now = { ms: 0 };
  const there = new Map(Object.entries(namespaces).map(([netns, names]) => [Number(netns), names]));
  const lookUp: LookUpDevices = (netns, indexes) => {
    asked.push(`${netns}: ${[...indexes].join(" ")}`);
    const names = there.get(netns) ?? null;
    if (names === null) return null;
    return new Map([...indexes].flatMap((index) => (names[index] ? [[index, names[index]] as const] : [])));
  };
  const devices = new DeviceNames({ lookUp, nowMs: () => now.ms });
  /** A sample that names these pairs of namespace and index, `ms` after the one before. */
  const sample = (ms: number, pairs: readonly (readonly [number, number])[], limit = 8) => {
    now.ms += ms;
    devices.beginSample();
    for (const [netns, index] of pairs) devices.hear(netns, index);
    devices.lookAround(limit);
    return devices.known();
  };
  return { devices, asked, sample, there };
}

describe("names of devices", () => {
  test("are known in the sample that names them, by namespace", () => {
    const { sample } = namesOfTest({ 7: { 1: "lo", 2: "eth0" }, 8: { 2: "veth" } });
    const known = sample(0, [
      [7, 1],
      [7, 2],
      [8, 2],
    ]);
    expect([known.get(7)?.get(2), known.get(8)?.get(2), known.get(8)?.get(1)]).toEqual([
      "eth0",
      "veth",
      undefined,
    ]);
  });

  test("are the same map, and nobody asks, while nothing changes", () => {
    const { sample, asked } = namesOfTest({ 7: { 1: "lo" } });
    const known = sample(0, [[7, 1]]);
    expect(sample(1000, [[7, 1]])).toBe(known);
    expect(asked).toEqual(["7: 1"]);
  });

  test("are asked for at once when an index is new", () => {
    const { sample, asked } = namesOfTest({ 7: { 1: "lo", 2: "eth0" } });
    sample(0, [[7, 1]]);
    expect(
      sample(1, [
        [7, 1],
        [7, 2],
      ])
        .get(7)
        ?.get(2),
    ).toBe("eth0");
    expect(asked).toEqual(["7: 1", "7: 1 2"]);
  });

  test("are asked for again after some time, and when devices of the namespace changed", () => {
    const { devices, sample, there } = namesOfTest({ 7: { 1: "old" } });
    sample(0, [[7, 1]]);
    there.set(7, { 1: "new" });
    expect(
      sample(1000, [[7, 1]])
        .get(7)
        ?.get(1),
    ).toBe("old");
    expect(
      sample(15_000, [[7, 1]])
        .get(7)
        ?.get(1),
    ).toBe("new");
    there.set(7, { 1: "newer" });
    devices.hearChange(7);
    expect(
      sample(1, [[7, 1]])
        .get(7)
        ?.get(1),
    ).toBe("newer");
  });

  test("of an index that has none are not asked for in each sample", () => {
    const { sample, asked } = namesOfTest({ 7: {} });
    for (let i = 0; i < 10; i++)
      expect(
        sample(100, [[7, 5]])
          .get(7)
          ?.get(5),
      ).toBeUndefined();
    expect(asked).toHaveLength(1);
  });

  test("in a namespace that can't be entered yet are asked for again, ever more seldom", () => {
    const { sample, asked, there } = namesOfTest({ 7: null });
    for (let i = 0; i < 100; i++) sample(100, [[7, 1]]);
    expect(asked.length).toBeGreaterThan(2);
    expect(asked.length).toBeLessThan(8);
    there.set(7, { 1: "lo" });
    expect(
      sample(15_000, [[7, 1]])
        .get(7)
        ?.get(1),
    ).toBe("lo");
  });

  test("of many namespaces are looked up some at a time, and each has its turn", () => {
    const all = Array.from({ length: 100 }, (_, i) => [i, 1] as const);
    const { sample } = namesOfTest(Object.fromEntries(all.map(([netns]) => [netns, { 1: "lo" }])));
    for (let i = 1; i <= 10; i++) {
      // Long enough for the first to be due again.
      const known = sample(20_000, all, 10);
      expect([...known.values()].filter((names) => names.get(1) === "lo")).toHaveLength(10 * i);
    }
  });

  test("are forgotten when no sample names their namespace", () => {
    const { sample } = namesOfTest({ 7: { 1: "lo" } });
    sample(0, [[7, 1]]);
    for (let i = 0; i < 10; i++) sample(100, []);
    expect(sample(0, []).size).toBe(0);
  });

  test("are bounded", () => {
    const devices = new DeviceNames({ lookUp: () => new Map(), nowMs: () => 0, maxNamespaces: 2 });
    devices.beginSample();
    for (const netns of [1, 2, 3]) devices.hear(netns, 1);
    devices.lookAround(8);
    expect(devices.known().size).toBeLessThanOrEqual(2);
  });
});
