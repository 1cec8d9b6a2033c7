import { release, version } from "node:os";
import { stripVTControlCharacters } from "node:util";
import type { Reporter, SerializedError, TestCase, TestModule } from "vitest/node";
import { RUNGS } from "../../src/model/rung.js";
import { filesOf, type Host } from "./matrix.js";

/** Of one failure: a difference among thousands of rows would take a serial line minutes. */
const MAX_LINES = 60;

/**
 * Tells each test as a line in the manner of TAP, as soon as it has ended: "ok RUNG SUITE TEST" or "not ok RUNG SUITE
 * TEST"; below it what the test noted as "#! KIND TEXT", and errors as "# ...". In front of all stands what kernel it is, and
 * behind the last file of a rung its plan, "1..N RUNG". A test that did not run is not ok.
 */
export function serialReporter(host: Host): Reporter {
  const counts = new Map<string, { files: number; told: number }>();
  const countOf = (rung: string) => {
    const count = counts.get(rung) ?? { files: 0, told: 0 };
    counts.set(rung, count);
    return count;
  };
  const tell = (isOk: boolean, module: TestModule, name: string, details: readonly string[]): void => {
    const rung = module.project.name;
    countOf(rung).told += 1;
    say([`${isOk ? "ok" : "not ok"} ${rung} ${suiteOf(host, module)} ${oneLine(name)}`, ...details]);
  };
  const tellOutside = (module: TestModule, name: string, errors: readonly SerializedError[]): void => {
    if (errors.length > 0) tell(false, module, name, errors.flatMap(errorLines));
  };
  return {
    onInit: () => say([`#! kernel ${release()}`, `#! version ${oneLine(version())}`]),
    onTestRunStart: (files) => {
      for (const { project } of files) countOf(project.name).files += 1;
    },
    onTestCaseResult: (test) => {
      const isOk = test.ok() && test.result().state === "passed";
      const notes = test.annotations().map(({ type, message }) => `#! ${type} ${oneLine(message)}`);
      tell(isOk, test.module, test.fullName, isOk ? notes : errorsOf(test).flatMap(errorLines));
    },
    onTestSuiteResult: (suite) => tellOutside(suite.module, suite.fullName, suite.errors()),
    onTestModuleEnd: (module) => {
      tellOutside(module, module.relativeModuleId, module.errors());
      const count = countOf(module.project.name);
      count.files -= 1;
      if (count.files === 0) say([`1..${count.told} ${module.project.name}`]);
    },
    onTestRunEnd: (_modules, errors) => {
      for (const error of errors) say(["not ok - - outside of the tests", ...errorLines(error)]);
    },
  };
}

/** "-" for a file that is in none. */
function suiteOf(host: Host, { project, relativeModuleId }: TestModule): string {
  const rung = RUNGS.find((known) => known === project.name);
  const files = rung === undefined ? {} : filesOf(host, rung);
  const [suite = "-"] = Object.entries(files).find(([, own]) => own.includes(relativeModuleId)) ?? [];
  return suite;
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
