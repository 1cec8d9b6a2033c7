import { describe, expect, test } from "vitest";
import { tally } from "../../scripts/tally-results.js";

function report(...files: { status?: string; tests: string[] }[]) {
  return {
    testResults: files.map(({ status = "passed", tests }, file) => ({
      name: `file-${file}`,
      status,
      assertionResults: tests.map((testStatus, index) => ({ fullName: `test ${index}`, status: testStatus })),
    })),
  };
}

describe("tally", () => {
  test("sums tests over files", () => {
    const run = report({ tests: ["passed", "passed"] }, { status: "failed", tests: ["failed", "passed"] });
    expect(tally(run, 1, false)).toEqual({ passed: 3, failed: 1, notes: [] });
  });

  test("a run without a report has failed", () => {
    expect(tally(null, 0, false)).toMatchObject({ passed: 0, failed: 1 });
  });

  test("a run without tests has failed", () => {
    expect(tally(report(), 0, false)).toMatchObject({ passed: 0, failed: 1 });
    expect(tally(report({ tests: ["skipped"] }), 0, false)).toMatchObject({ passed: 0, failed: 1 });
  });

  test("a file that fails outside of its tests has failed", () => {
    const run = report({ tests: ["passed"] }, { status: "failed", tests: [] });
    expect(tally(run, 1, false)).toEqual({
      passed: 1,
      failed: 1,
      notes: ["failed outside of its tests: file-1"],
    });
  });

  test("an exit code that no test explains is a failure", () => {
    const run = report({ tests: ["passed"] });
    expect(tally(run, 124, false)).toMatchObject({ passed: 1, failed: 1 });
  });

  test("a skipped test fails only where it must run", () => {
    const run = report({ tests: ["passed", "skipped", "todo"] });
    expect(tally(run, 0, false)).toEqual({ passed: 1, failed: 0, notes: [] });
    expect(tally(run, 0, true)).toEqual({
      passed: 1,
      failed: 2,
      notes: ["skipped where it must run: test 1", "skipped where it must run: test 2"],
    });
  });
});
