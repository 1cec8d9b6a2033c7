import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { recordedRows } from "../../scripts/kernel-results.js";
import { kernelsDocument } from "../../scripts/kernels-document.js";
import type { ResultRow, SuiteResult } from "../kernels/results.js";

test("docs/kernels.md is what the recorded results give (else run: make kernels-document)", () => {
  const page = readFileSync(new URL("../../docs/kernels.md", import.meta.url), "utf8");
  const recorded = new URL("../kernels/results.json", import.meta.url);
  expect(page).toBe(kernelsDocument(recordedRows(recorded)));
});

const PASSED: SuiteResult = { passed: ["a"], failed: [], notes: [] };

function rowOf(suites: ResultRow["suites"]): ResultRow {
  return {
    ...{ kernel: "6.1", architecture: "x86_64", rung: "proc" },
    ...{ release: "6.1.0-1-cloud-amd64", version: "Debian 6.1.1-1", suites },
  };
}

function lastLinesOf(suites: ResultRow["suites"], count: number): readonly string[] {
  return kernelsDocument([rowOf(suites)])
    .trimEnd()
    .split("\n")
    .slice(-count);
}

const BEGIN = "| 6.1.1-1 (6.1.0-1-cloud-amd64) | x86_64 | `proc` |";

describe("a cell", () => {
  test("yes, what to know of it, and what the rung does not have", () => {
    const limited: SuiteResult = { ...PASSED, notes: [{ kind: "limit", text: "open ones" }] };
    const lacking: SuiteResult = { ...PASSED, notes: [{ kind: "lack", text: "no UDP" }] };
    const suites = { loads: PASSED, "exact-tcp": limited, "exact-udp": lacking, owners: limited };
    expect(lastLinesOf({ ...suites, "short-lived": PASSED }, 4)).toEqual([
      `${BEGIN} yes | yes [1] | – [2] | yes [1] | yes |`,
      "",
      "1. open ones",
      "2. no UDP",
    ]);
  });

  test("a refusal stands for the whole row", () => {
    const refused: SuiteResult = { ...PASSED, notes: [{ kind: "refusal", text: "no BTF | here" }] };
    expect(lastLinesOf({ loads: refused }, 3)).toEqual([
      `${BEGIN} no [1] | – | – | – | – |`,
      "",
      "1. no BTF \\| here",
    ]);
  });

  test("one failed test is a no, by its name", () => {
    const failing: SuiteResult = { passed: ["a"], failed: ["b"], notes: [{ kind: "lack", text: "unsaid" }] };
    const [row, , footnote] = lastLinesOf({ loads: failing }, 3);
    expect(row).toContain("| **no** [1] |");
    expect(footnote).toBe("1. Failed: b");
  });
});
