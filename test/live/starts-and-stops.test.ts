import { readdirSync, readlinkSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import type { StartRequest } from "../../src/collect/ladder.js";
import type { NetworkCollector } from "../../src/collect/network-collector.js";
import type { Rung } from "../../src/model/rung.js";
import { bpfIds, bpfIdsOf, expectNoneLeft } from "./bpf-left.js";
import { runProgram } from "./run-program.js";
import { TCPTOP } from "./tcptop.js";

// 200 starts and stops leave nothing behind: no program, link or map (a program on a cgroup is a link too), no descriptor.

const IN_ONE_PROCESS = 180;
const WITHOUT_EBPF = 20;
const PROGRAMS = 10;
/** Of those in one process each so-many-th takes a sample too. */
const SAMPLED = 10;
/** The first few open what stays open, as Node's own. */
const SETTLED = 5;

const REQUEST: StartRequest = {
  objectFolder: fileURLToPath(new URL("../../bpf/", import.meta.url)),
  udpTimeoutMs: 60_000,
  tell: () => undefined,
  hearOwner: () => undefined,
};

// As built: the process that a collector starts is a file of its own there.
const DIST = new URL("../../dist/src/", import.meta.url);
const { LADDER }: typeof import("../../src/collect/rungs.js") = await import(`${DIST}collect/rungs.js`);
const { TcptopError }: typeof import("../../src/model/error.js") = await import(`${DIST}model/error.js`);

type Opens = (request: StartRequest) => NetworkCollector;

/** Opens and closes it, and finds all as it was after the first few. */
async function startAndStop(open: Opens, rounds: number): Promise<void> {
  const before = bpfIds();
  let descriptors: readonly string[] = [];
  for (let round = 1; round <= rounds; round++) {
    const collector = open(REQUEST);
    if (round % SAMPLED === 0) await collector.sample([]);
    collector.close();
    if (round === SETTLED) descriptors = ownDescriptors();
  }
  expect(bpfIdsOf(process.pid)).toEqual([]);
  await expectNoneLeft(before);
  // What a process that was ended held open is closed a moment later: so no more than then, not the same.
  await expect.poll(() => addedTo(descriptors, ownDescriptors()), { timeout: 10_000 }).toEqual([]);
}

test(`${IN_ONE_PROCESS} with eBPF, in one process`, { timeout: 180_000 }, async () => {
  const [best] = await opensHere((rung) => ["fentry", "kprobe", "tracepoint"].includes(rung));
  if (best === undefined) throw new Error("no rung with eBPF opens on this machine");
  await startAndStop(best, IN_ONE_PROCESS);
});

test(`${WITHOUT_EBPF} of each rung without eBPF, in one process`, async () => {
  const rungs = await opensHere((rung) => ["netlink", "user", "proc"].includes(rung));
  expect(rungs).toHaveLength(3);
  for (const open of rungs) await startAndStop(open, WITHOUT_EBPF);
});

/** Those on the ladder that this machine has. */
async function opensHere(isMeant: (rung: Rung) => boolean): Promise<readonly Opens[]> {
  const found: Opens[] = [];
  for (const entry of LADDER.filter(({ rung }) => isMeant(rung))) {
    const start = await entry.load();
    try {
      start(REQUEST).close();
      found.push(start);
    } catch (error) {
      if (!(error instanceof TcptopError && error.code === "unavailable")) throw error;
    }
  }
  return found;
}

test(`${PROGRAMS} of the program, each of which made its look`, async () => {
  const before = bpfIds();
  for (let round = 0; round < PROGRAMS; round++) {
    expect(await runProgram(TCPTOP, ["-n", "1"])).toMatchObject({ status: 0, stderr: "" });
  }
  await expectNoneLeft(before);
});

/** Those of the second list that the first does not have as often. */
function addedTo(before: readonly string[], now: readonly string[]): readonly string[] {
  const left = [...before];
  return now.filter((descriptor) => {
    const place = left.indexOf(descriptor);
    if (place >= 0) left.splice(place, 1);
    return place < 0;
  });
}

/** What this process has open, by kind: numbers are given out again. */
function ownDescriptors(): readonly string[] {
  return readdirSync("/proc/self/fd")
    .flatMap((fd) => {
      try {
        return [readlinkSync(`/proc/self/fd/${fd}`).replace(/\d+/g, "N")];
      } catch {
        return [];
      }
    })
    .sort();
}
