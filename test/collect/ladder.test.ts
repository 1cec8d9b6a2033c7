import { describe, expect, test } from "vitest";
import { type LadderEntry, shortfall, takeBest } from "../../src/collect/ladder.js";
import { LADDER, waysToHave } from "../../src/collect/rungs.js";
import { TcptopError } from "../../src/model/error.js";
import { RUNGS, type Rung } from "../../src/model/rung.js";

function entry(rung: Rung, lacks = ""): LadderEntry {
  return { rung, lacks, pidOrigin: "proc", load: () => Promise.reject(new Error("not asked for")) };
}

const NO_KPROBES = new TcptopError("unavailable", "this kernel has no kprobes", "");
const OLD = new TcptopError("unavailable", "too old", "run a newer kernel", { remedy: "kernel" });
const UNPRIVILEGED = new TcptopError("unavailable", "for root only", "be root", { remedy: "privilege" });

/** Opens what has no failure here. */
function opening(failures: Partial<Record<Rung, Error>>) {
  return async ({ rung }: LadderEntry) => {
    const failure = failures[rung];
    if (failure !== undefined) throw failure;
    return `${rung} is open`;
  };
}

const FULL = [entry("fentry"), entry("tracepoint"), entry("kprobe", "no cookies"), entry("proc", "no bytes")];

describe("takeBest", () => {
  test("the first that opens is taken, and none after it is tried", async () => {
    const tried: Rung[] = [];
    const taken = await takeBest(FULL, async (each) => {
      tried.push(each.rung);
      return opening({ fentry: OLD })(each);
    });
    expect(taken).toMatchObject({
      entry: { rung: "tracepoint" },
      opened: "tracepoint is open",
      failures: [OLD],
    });
    expect(tried).toEqual(["fentry", "tracepoint"]);
  });

  test("a rung can stand there twice", async () => {
    const twice = [entry("tracepoint"), entry("kprobe"), entry("tracepoint", "no UDP")];
    const open = async ({ rung, lacks }: LadderEntry) => {
      if (rung === "kprobe" || lacks === "") throw OLD;
      return lacks;
    };
    expect(await takeBest(twice, open)).toMatchObject({ opened: "no UDP", failures: [OLD, OLD] });
  });

  test("a failure that is not `unavailable` is not gone round", async () => {
    const broken = new TcptopError("failed", "out of memory", "");
    await expect(takeBest(FULL, opening({ fentry: OLD, tracepoint: broken }))).rejects.toBe(broken);
    const bug = new TypeError("no such program");
    await expect(takeBest(FULL, opening({ fentry: bug }))).rejects.toBe(bug);
  });

  test("when none opens, the reason is the one that the user can do something about", async () => {
    const open = opening({ fentry: OLD, tracepoint: UNPRIVILEGED, kprobe: NO_KPROBES, proc: NO_KPROBES });
    await expect(takeBest(FULL, open)).rejects.toBe(UNPRIVILEGED);
    await expect(takeBest([], open)).rejects.toMatchObject({ code: "unavailable" });
  });
});

test("when no way to have it opens, and nothing mends that, the least demanding tells why", async () => {
  const preempted = new TcptopError("unavailable", "this kernel preempts itself", "");
  const ways = [entry("fentry"), entry("fentry", "may miss calls")];
  const open = async ({ lacks }: LadderEntry) => {
    throw lacks === "" ? preempted : NO_KPROBES;
  };
  await expect(takeBest(ways, open)).rejects.toBe(NO_KPROBES);
});

test("fentry comes before kprobes where it misses nothing, and after them where it can", () => {
  const places = LADDER.map(({ rung, lacks }) => (lacks === "" ? rung : `${rung} that lacks something`));
  const fentry = places.indexOf("fentry");
  const kprobe = places.indexOf("kprobe");
  const missing = places.indexOf("fentry that lacks something");
  expect([fentry, kprobe, missing]).toEqual([fentry, fentry, fentry].map((at, more) => at + more));
});

describe("shortfall", () => {
  const library = new TcptopError("unavailable", "no libbpf", "install it", { remedy: "package" });

  test.each<readonly [string, readonly TcptopError[], string]>([
    ["what can be mended here before a newer kernel", [OLD, UNPRIVILEGED], " (for root only); be root"],
    ["the best of those", [library, UNPRIVILEGED], " (no libbpf); install it"],
    ["a newer kernel before nothing", [NO_KPROBES, OLD], " (too old); run a newer kernel"],
    ["else that of the best", [NO_KPROBES], " (this kernel has no kprobes)"],
  ])("one reason: %s", (_, failures, reason) => {
    const taken = { entry: entry("proc", "no bytes"), opened: null, failures };
    expect(shortfall(taken)).toBe(`using rung proc: no bytes${reason}`);
  });

  test("nothing is said of a fall that costs nothing, and of what was wanted", () => {
    expect(shortfall({ entry: entry("proc", "no bytes"), opened: null, failures: [] })).toBeNull();
    expect(shortfall({ entry: entry("tracepoint"), opened: null, failures: [UNPRIVILEGED] })).toBeNull();
  });
});

test("the ladder has its rungs in the order of their names' list, the last resort last", () => {
  const first = LADDER.map(({ rung }) => rung).filter((rung, at, all) => all.indexOf(rung) === at);
  expect(first).toEqual(RUNGS);
  expect(LADDER.at(-1)?.rung).toBe("proc");
});

test("each rung that can be named can be had in some way", () => {
  for (const rung of RUNGS) {
    expect(waysToHave(rung).map((entry) => entry.rung)).toContain(rung);
    expect(LADDER).toEqual(expect.arrayContaining([...waysToHave(rung)]));
  }
});
