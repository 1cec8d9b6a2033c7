// @ts-check
// usage: node scripts/tally-results.js REPORT EXIT_CODE [--must-run]
// Counts the tests in a report that vitest's JSON reporter wrote, and prints "PASSED FAILED"; what failed without
// a test to name it, or was skipped where it must run, is named on standard error.
// Plain JavaScript: it has to count also when the build is what failed.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

/** @typedef {{ fullName: string, status: string }} TestResult */
/** @typedef {{ name: string, status: string, assertionResults: TestResult[] }} FileResult */
/** @typedef {{ passed: number, failed: number, notes: string[] }} Tally */

/**
 * Counts what a run of vitest showed.
 * @param {{ testResults: FileResult[] } | null} report null when vitest left none: it crashed or ran out of time
 * @param {number} exitCode what vitest ended with
 * @param {boolean} mustRun whether a skipped test counts as failed
 * @returns {Tally}
 */
export function tally(report, exitCode, mustRun) {
  if (report === null)
    return { passed: 0, failed: 1, notes: ["no results: the run crashed or ran out of time"] };

  let passed = 0;
  let failed = 0;
  const notes = [];
  for (const file of report.testResults) {
    const failedBefore = failed;
    for (const test of file.assertionResults) {
      if (test.status === "passed") passed += 1;
      else if (test.status === "failed") failed += 1;
      else if (mustRun) {
        failed += 1;
        notes.push(`skipped where it must run: ${test.fullName}`);
      }
    }
    if (file.status === "failed" && failed === failedBefore) {
      failed += 1;
      notes.push(`failed outside of its tests: ${file.name}`);
    }
  }
  if (passed + failed === 0) return { passed, failed: 1, notes: ["no tests ran"] };
  if (exitCode !== 0 && failed === 0) {
    failed += 1;
    notes.push(`the run ended with exit code ${exitCode}`);
  }
  return { passed, failed, notes };
}

/**
 * @param {string} path
 * @returns {{ testResults: FileResult[] } | null}
 */
function readReport(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return null;
  }
}

/** @param {string[]} args */
function main([path = "", exitCode = "1", mustRun]) {
  const { passed, failed, notes } = tally(readReport(path), Number(exitCode), mustRun === "--must-run");
  for (const note of notes) console.error(`  ${note}`);
  console.log(`${passed} ${failed}`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) main(process.argv.slice(2));
