import { release, version } from "node:os";
import { stripVTControlCharacters } from "node:util";
import type { Reporter, SerializedError, TestCase, TestModule } from "vitest/node";
import { RUNGS } from "../../src/model/rung.js";
import { HOST } from "./guest-settings.js";
import { filesOf } from "./matrix.js";

/** Of one failure: a difference among thousands of rows would take a serial line minutes. */
const MAX_LINES = 60;

/**
 * Tells each test as a line in the manner of TAP, as soon as it has ended: "ok RUNG SUITE TEST" or "not ok RUNG SUITE
 * TEST"; below it what the test noted as "#! KIND TEXT", and errors as "# ...". In front of all stands what kernel it is, at
 * the very end the plan, "1..N". A test that did not run is not ok.
 */
export function serialReporter(): Reporter {
  let told = 0;
  const tell = (isOk: boolean, of: TestModule, name: string, details: readonly string[]): void => {
    told += 1;
    say([`${isOk ? "ok" : "not ok"} ${placeOf(of)} ${oneLine(name)}`, ...details]);
  };
  const tellOutside = (of: TestModule, name: string, errors: readonly SerializedError[]): void => {
    if (errors.length > 0) tell(false, of, name, errors.flatMap(errorLines));
  };
  return {
    onInit: () => say([`#! kernel ${release()}`, `#! version ${oneLine(version())}`]),
    onTestCaseResult: (test) => {
      const isOk = test.ok() && test.result().state === "passed";
      const notes = test.annotations().map(({ type, message }) => `#! ${type} ${oneLine(message)}`);
      tell(isOk, test.module, test.fullName, isOk ? notes : errorsOf(test).flatMap(errorLines));
    },
    onTestSuiteResult: (suite) => tellOutside(suite.module, suite.fullName, suite.errors()),
    onTestModuleEnd: (module) => tellOutside(module, module.relativeModuleId, module.errors()),
    onTestRunEnd: (_modules, unhandledErrors) => {
      told += unhandledErrors.length;
      for (const error of unhandledErrors) say(["not ok - - outside of the tests", ...errorLines(error)]);
      say([`1..${told}`]);
    },
  };
}

/** "RUNG SUITE"; "-" for a file that is in none. */
function placeOf({ project, relativeModuleId }: TestModule): string {
  const rung = RUNGS.find((known) => known === project.name);
  const files = rung === undefined ? {} : filesOf(HOST, rung);
  const [suite = "-"] = Object.entries(files).find(([, own]) => own.includes(relativeModuleId)) ?? [];
  return `${rung ?? "-"} ${suite}`;
}

function errorsOf(test: TestCase): readonly SerializedError[] {
  const result = test.result();
  return result.state === "skipped" ? [{ message: "did not run" }] : (result.errors ?? []);
}

function errorLines({ message, diff }: SerializedError): readonly string[] {
  const lines = `${message}\n${diff ?? ""}`.trim().split("\n");
  const left = lines.length - MAX_LINES;
  return [...lines.slice(0, MAX_LINES), ...(left > 0 ? [`... ${left} lines more`] : [])].map(
    (line) => `# ${oneLine(line)}`,
  );
}

function oneLine(text: string): string {
  return stripVTControlCharacters(text).replaceAll(/\s+/gu, " ").trimEnd();
}

function say(lines: readonly string[]): void {
  process.stdout.write(`${lines.join("\n")}\n`);
}
