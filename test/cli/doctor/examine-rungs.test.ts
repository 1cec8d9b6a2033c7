import { expect, test } from "vitest";
import { examineRungs } from "../../../src/cli/doctor/examine-rungs.js";
import type { LadderEntry } from "../../../src/collect/ladder.js";
import { TcptopError } from "../../../src/model/error.js";
import type { Rung } from "../../../src/model/rung.js";

function entry(rung: Rung, lacks = ""): LadderEntry {
  return { rung, lacks, pidOrigin: "proc", load: () => Promise.reject(new Error("not asked for")) };
}

const OLD = new TcptopError("unavailable", "too old", "run a newer kernel", { remedy: "kernel" });

test("every rung is tried, also below the one that is taken; a second way only when the first fails", async () => {
  const tried: string[] = [];
  const ladder = [
    entry("fentry"),
    entry("tracepoint"),
    entry("kprobe"),
    entry("tracepoint", "no UDP"),
    entry("proc"),
  ];
  const { rungs, taken } = await examineRungs(ladder, async ({ rung, lacks }) => {
    tried.push(`${rung} ${lacks}`.trim());
    if (rung === "fentry" || (rung === "tracepoint" && lacks === "")) throw OLD;
    return rung === "kprobe" ? ["in a cgroup namespace"] : [];
  });
  expect(tried.toSorted()).toEqual(["fentry", "kprobe", "proc", "tracepoint", "tracepoint no UDP"]);
  expect(taken).toBe("kprobe");
  expect(rungs.map(({ rung, works }) => [rung, works])).toEqual([
    ["fentry", false],
    ["tracepoint", true],
    ["kprobe", true],
    ["proc", true],
  ]);
  expect(rungs[0]).toMatchObject({ reason: "too old", mend: "run a newer kernel", remedy: "kernel" });
  expect(rungs[1]).toMatchObject({ lacks: "no UDP", reason: "too old", limits: [] });
  expect(rungs[2]).toMatchObject({ limits: ["in a cgroup namespace"], reason: null });
});

test("a fault in one rung does not hide the others", async () => {
  const { rungs, taken } = await examineRungs([entry("fentry"), entry("proc")], async ({ rung }) => {
    if (rung === "fentry") throw new TypeError("no such program");
    return [];
  });
  expect(rungs.find(({ rung }) => rung === "fentry")).toMatchObject({
    works: false,
    reason: "no such program",
    mend: null,
  });
  expect(taken).toBe("proc");
});

test("nothing works", async () => {
  const { taken } = await examineRungs([entry("proc")], () => Promise.reject(OLD));
  expect(taken).toBeNull();
});
