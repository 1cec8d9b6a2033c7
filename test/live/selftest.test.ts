import { describe, expect, test } from "vitest";
import { leavesNothingOfTest } from "./of-test.js";
import { runProgram } from "./run-program.js";
import { TCPTOP } from "./tcptop.js";

interface Report {
  readonly rung: string;
  readonly shared_namespace: string | null;
  readonly passed: boolean;
  readonly paths: readonly {
    readonly proto: string;
    readonly path: string;
    readonly expected_bytes: number;
    readonly measured_bytes: number | null;
    readonly outcome: string;
    readonly owner: string | null;
  }[];
}

async function selftest(...args: readonly string[]): Promise<{ status: number | null; report: Report }> {
  const ended = await runProgram(TCPTOP, ["selftest", "-o", "json", ...args]);
  expect(ended.stderr).toBe("");
  return { status: ended.status, report: JSON.parse(ended.stdout) };
}

describe("tcptop selftest", () => {
  test("every data path is exact, with its owner, in a namespace that is gone afterwards", async () => {
    leavesNothingOfTest();
    const { status, report } = await selftest();
    expect(report.paths.length).toBeGreaterThanOrEqual(29);
    const others = report.paths.filter(({ outcome, owner }) => outcome !== "exact" || owner !== "right");
    expect(others).toEqual([]);
    expect({ status, passed: report.passed, shared: report.shared_namespace }).toEqual({
      status: 0,
      passed: true,
      shared: null,
    });
  });

  test("without eBPF TCP is exact, and UDP is not counted", async () => {
    const { status, report } = await selftest("--rung", "netlink");
    const outcomes = (proto: string) =>
      new Set(report.paths.filter((path) => path.proto === proto).map(({ outcome }) => outcome));
    expect(status).toBe(0);
    expect([...outcomes("udp")]).toEqual(["not counted"]);
    for (const outcome of outcomes("tcp")) expect(["exact", "within 1 byte"]).toContain(outcome);
  });

  test("text for people, with the same verdict", async () => {
    const ended = await runProgram(TCPTOP, ["selftest"]);
    expect(ended.status).toBe(0);
    expect(ended.stdout).toMatch(/^tcptop selftest: rung \w+, Linux \S+, \w+\n/);
    expect(ended.stdout).toMatch(/\ntcp sendfile +67536 +67536 +1\.000000 +right +exact\n/);
    expect(ended.stdout).toMatch(/; passed\n$/);
  });

  test("a word that makes no sense: status 2, one line", async () => {
    const ended = await runProgram(TCPTOP, ["selftest", "now"]);
    expect(ended).toMatchObject({ status: 2, stdout: "" });
    expect(ended.stderr).toBe(
      "tcptop: now: tcptop selftest takes options only; see tcptop selftest --help\n",
    );
  });
});
