import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { RUNGS } from "../../src/model/rung.js";
import { GuestConsole } from "./console.js";
import { ARCHITECTURES, filesOf, KERNELS } from "./matrix.js";
import { mergeRows, type ResultRow, suiteResultsOf } from "./results.js";

const CHECKOUT = new URL("../../", import.meta.url);

test("the files of every suite are there, and no file is in two suites of a rung", () => {
  for (const kernel of KERNELS) {
    for (const rung of RUNGS) {
      const files = Object.values(filesOf({ kernel, architecture: "x86_64" }, rung)).flat();
      expect(files.filter((file) => !existsSync(fileURLToPath(new URL(file, CHECKOUT))))).toEqual([]);
      expect(new Set(files).size).toBe(files.length);
    }
  }
});

describe("what a guest says", () => {
  const SAID = [
    "#! kernel 6.1.0-1-cloud-amd64",
    "#! version #1 SMP PREEMPT_DYNAMIC Debian 6.1.1-1 (2026-07-02)",
    "[    3.1] a word of the kernel",
    "ok proc loads starts",
    "not ok proc exact-tcp a > b",
    "# expected 1 to be 2",
    "ok proc exact-tcp c",
    "#! lack none of these",
    "1..3 proc",
  ];

  test("is read as tests, with what they noted", () => {
    const heard = new GuestConsole();
    const shown = SAID.filter((line) => heard.take(line));
    expect(shown).toEqual(SAID.slice(3, 7));
    expect(heard).toMatchObject({ release: "6.1.0-1-cloud-amd64", version: "Debian 6.1.1-1" });
    expect(suiteResultsOf(heard.testsOf("proc") ?? [])).toEqual({
      loads: { passed: ["starts"], failed: [], notes: [] },
      "exact-tcp": { passed: ["c"], failed: ["a > b"], notes: [{ kind: "lack", text: "none of these" }] },
    });
  });

  test.each<readonly [string, readonly string[]]>([
    ["it stopped", SAID.slice(0, -1)],
    ["a test is missing", [...SAID.slice(0, -1), "1..4 proc"]],
    ["another rung ended", [...SAID.slice(0, -1), "1..3 user"]],
    ["nothing ran", ["1..0 proc"]],
  ])("is not complete: %s", (_, lines) => {
    const heard = new GuestConsole();
    for (const line of lines) heard.take(line);
    expect(heard.testsOf("proc")).toBeNull();
  });
});

test("an error outside of the tests is a failure of no rung", () => {
  const heard = new GuestConsole();
  heard.take("not ok - - outside of the tests");
  expect(heard).toMatchObject({ strayFailures: 1, tests: [] });
});

test("a run of a part replaces its rows only, and rows have one order", () => {
  const row = (kernel: ResultRow["kernel"], rung: ResultRow["rung"], release: string): ResultRow => ({
    ...{ kernel, architecture: ARCHITECTURES[0], rung, release, version: "", suites: {} },
  });
  const older = [row("7", "proc", "old"), row("6.1", "proc", "old"), row("6.1", "kprobe", "old")];
  const newer = [row("5.10", "user", "new"), row("6.1", "proc", "new")];
  const told = mergeRows(older, newer).map(({ kernel, rung, release }) => `${kernel} ${rung} ${release}`);
  expect(told).toEqual(["5.10 user new", "6.1 kprobe old", "6.1 proc new", "7 proc old"]);
});
