import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { type HearOwner, openEnriched } from "../../../src/collect/enrichment/enriched-collector.js";
import type { NetworkCollector } from "../../../src/collect/network-collector.js";
import type { Sample } from "../../../src/model/sample.js";
import { owner, readingAt, sampleAt } from "../../engine/example-samples.js";

/** Gives out these samples, whoever asks. */
function collectorOf(...samples: readonly Sample[]): NetworkCollector & { readonly isClosed: () => boolean } {
  const left = [...samples];
  let closed = false;
  return {
    rung: "tracepoint",
    sample: async () => {
      const sample = left.shift();
      if (sample === undefined) throw new Error("no more samples");
      return sample;
    },
    close: () => {
      closed = true;
    },
    isClosed: () => closed,
  };
}

/** However busy the machine is. */
const PATIENT_MS = 4_000;
const HOLDERS = [{ cookie: 1, pid: process.pid, comm: "node" }];

describe.runIf(process.platform === "linux")("samples", () => {
  test("the first tells already what is known of holders and of whom the context speaks", async () => {
    for (const sample of [
      sampleAt(1, { holders: HOLDERS }),
      sampleAt(1, { sockets: [readingAt(1, { owner: owner(process.pid) })] }),
      sampleAt(1, { opened: [readingAt(1, { owner: owner(process.pid) })] }),
      sampleAt(1, { lateOwners: [{ cookie: 1, incarnation: 0, owner: owner(process.pid) }] }),
    ]) {
      const collector = openEnriched("proc", () => collectorOf(sample), PATIENT_MS);
      const { processes, ...rest } = await collector.sample([]);
      expect(processes?.get(process.pid)?.cmdline).toContain("node");
      expect(rest).toMatchObject(sample);
    }
  });

  test("a process that has ended is not known", async () => {
    const holders = [{ cookie: 1, pid: spawnSync("true").pid, comm: "true" }];
    const collector = openEnriched("proc", () => collectorOf(sampleAt(1, { holders })));
    expect((await collector.sample([])).processes?.size).toBe(0);
  });

  test("the same maps while nothing changes", async () => {
    const samples = [1, 2].map((at) => sampleAt(at, { holders: HOLDERS }));
    const collector = openEnriched("proc", () => collectorOf(...samples));
    const first = await collector.sample([]);
    const second = await collector.sample([]);
    expect(second.processes).toBe(first.processes);
    expect(second.namespaces).toBe(first.namespaces);
  });

  test("who is heard of between samples is known in the next", async () => {
    let hear: HearOwner = () => undefined;
    const collector = openEnriched("proc", (hearOwner) => {
      hear = hearOwner;
      return collectorOf(...Array.from({ length: 100 }, (_, tick) => sampleAt(tick + 1)));
    });
    await collector.sample([]);
    hear(owner(process.pid));
    const known = async (): Promise<readonly number[]> => [
      ...((await collector.sample([])).processes?.keys() ?? []),
    ];
    await expect.poll(known, { timeout: 5000 }).toContain(process.pid);
  });
});

test("a sample that fails fails, and the collector is closed with its wrapper", async () => {
  const inner = collectorOf();
  const collector = openEnriched("proc", () => inner);
  await expect(collector.sample([])).rejects.toThrow("no more samples");
  collector.close();
  expect([collector.rung, inner.isClosed()]).toEqual(["tracepoint", true]);
});
