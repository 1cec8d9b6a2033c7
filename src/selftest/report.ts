import type { Rung } from "../model/rung.js";
import { harmless } from "../model/text.js";
import type { PathVerdict } from "./judge.js";

/** What one self-test found. */
export interface SelftestReport {
  readonly rung: Rung;
  /** As `uname -r` has it. */
  readonly kernel: string;
  readonly architecture: string;
  /** Why the traffic ran in the network namespace of tcptop itself; null when it had its own. */
  readonly sharedNamespace: string | null;
  readonly verdicts: readonly PathVerdict[];
}

const HEADINGS = ["PATH", "EXPECTED", "MEASURED", "RATIO", "OWNER", ""] as const;
const IS_NUMBER = [false, true, true, true, false, false] as const;

/** Whether all is as the rung promises. */
export function isPassed({ verdicts }: SelftestReport): boolean {
  return verdicts.every(({ passed }) => passed);
}

/** For people: a line for each data path, and the sum of it. */
export function reportText(report: SelftestReport): string {
  const lines = [HEADINGS, ...report.verdicts.map(cells)];
  const widths = HEADINGS.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  const table = lines.map((line) =>
    line
      .map((cell, column) =>
        IS_NUMBER[column] ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join("  ")
      .trimEnd(),
  );
  return `${[titleOf(report), "", ...table, "", summaryOf(report)].join("\n")}\n`;
}

/** For programs: one object, snake_case. */
export function reportJson(report: SelftestReport): string {
  const { rung, kernel, architecture, sharedNamespace, verdicts } = report;
  return `${JSON.stringify({
    rung,
    kernel,
    architecture,
    shared_namespace: sharedNamespace,
    passed: isPassed(report),
    paths: verdicts.map(({ proto, path, expectedBytes, measuredBytes, outcome, owner, reason, passed }) => ({
      proto,
      path,
      expected_bytes: expectedBytes,
      measured_bytes: measuredBytes,
      ratio: ratioOf(expectedBytes, measuredBytes),
      outcome,
      owner,
      reason,
      passed,
    })),
  })}\n`;
}

function titleOf({ rung, kernel, architecture, sharedNamespace }: SelftestReport): string {
  const where = `tcptop selftest: rung ${rung}, Linux ${harmless(kernel)}, ${architecture}`;
  if (sharedNamespace === null) return where;
  return `${where}; in the network namespace of tcptop itself (${harmless(sharedNamespace)})`;
}

function cells({ proto, path, expectedBytes, measuredBytes, outcome, owner, reason, passed }: PathVerdict) {
  const ratio = ratioOf(expectedBytes, measuredBytes);
  const why = reason === null ? outcome : `${outcome}: ${harmless(reason)}`;
  return [
    `${proto} ${path}`,
    outcome === "not available" ? "-" : String(expectedBytes),
    measuredBytes === null ? "-" : String(measuredBytes),
    ratio === null ? "-" : ratio.toFixed(6),
    owner ?? "-",
    passed ? why : `FAILED: ${why}`,
  ] as const;
}

function ratioOf(expected: number, measured: number | null): number | null {
  return measured === null || expected === 0 ? null : measured / expected;
}

function summaryOf({ verdicts }: SelftestReport): string {
  const failed = verdicts.filter(({ passed }) => !passed).length;
  const counts = new Map<string, number>();
  for (const { outcome } of verdicts) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  const words = [...counts].map(([outcome, count]) => `${count} ${outcome}`);
  return `${words.join(", ")}; ${failed === 0 ? praise(verdicts) : `${failed} of ${verdicts.length} FAILED`}`;
}

/** A rung that counts no bytes has none that could be wrong: that is nothing to be proud of. */
function praise(verdicts: readonly PathVerdict[]): string {
  const isMeasured = verdicts.some(({ measuredBytes }) => measuredBytes !== null);
  return isMeasured ? "passed" : "no byte was measured, no owner was wrong";
}
