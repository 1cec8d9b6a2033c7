import { release } from "node:os";
import { stripVTControlCharacters } from "node:util";
import type { Reporter, SerializedError, TestCase } from "vitest/node";

/** Of one failure: a difference among thousands of rows would take a serial line minutes. */
const MAX_LINES = 60;

/**
 * Tells each test as a line in the manner of TAP, as soon as it has ended: "ok KERNEL TEST" or "not ok KERNEL TEST", the
 * errors below it as "# ...", and at the very end the plan, "1..N". A test that did not run is not ok.
 */
export function serialReporter(): Reporter {
  let told = 0;
  const tell = (verdict: "ok" | "not ok", name: string, errors: readonly SerializedError[]): void => {
    told += 1;
    say([`${verdict} ${release()} ${oneLine(name)}`, ...errors.flatMap(errorLines)]);
  };
  const tellOutside = (name: string, errors: readonly SerializedError[]): void => {
    if (errors.length > 0) tell("not ok", name, errors);
  };
  return {
    onTestCaseResult: (test) => {
      if (test.ok() && test.result().state === "passed") tell("ok", test.fullName, []);
      else tell("not ok", test.fullName, errorsOf(test));
    },
    onTestSuiteResult: (suite) => tellOutside(suite.fullName, suite.errors()),
    onTestModuleEnd: (module) => tellOutside(module.relativeModuleId, module.errors()),
    onTestRunEnd: (_modules, unhandledErrors) => {
      tellOutside("outside of the tests", unhandledErrors);
      say([`1..${told}`]);
    },
  };
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
