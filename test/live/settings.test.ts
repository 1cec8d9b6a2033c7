import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { type Ended, runProgram } from "./run-program.js";

// The file of settings, for what writes lines: made-up connections, as of test/terminal/live-program.js.

const PROGRAM = fileURLToPath(new URL("../terminal/live-program.js", import.meta.url));
const DIST = fileURLToPath(new URL("../../dist", import.meta.url));
const SETTINGS = 'columns = ["comm", "rtt"]\nsort = "rtt:desc"\n';

interface UserOfTest {
  readonly path: string;
  readonly run: (...args: readonly string[]) => Promise<Ended>;
}

/** Somebody with these settings; null for none. */
function userOfTest(settings: string | null): UserOfTest {
  const home = mkdtempSync(join(tmpdir(), "tcptop-settings-"));
  onTestFinished(() => rmSync(home, { recursive: true }));
  const path = join(home, "tcptop", "config.toml");
  if (settings !== null) {
    mkdirSync(join(home, "tcptop"));
    writeFileSync(path, settings);
  }
  const run = (...args: readonly string[]) =>
    runProgram(process.execPath, [PROGRAM, DIST, "few", "-n", "1", ...args], {
      env: { XDG_CONFIG_HOME: home },
    });
  return { path, run };
}

/** Without the line that has the time and the host. */
function linesOf({ stdout }: Ended): readonly string[] {
  return stdout.trimEnd().split("\n").slice(1);
}

test("a table has their columns and order, and ends with where they are from", async () => {
  const { path, run } = userOfTest(SETTINGS);
  const ended = await run("-b");
  expect(ended).toMatchObject({ status: 0, stderr: "" });
  const lines = linesOf(ended);
  expect(lines[0]).toMatch(/^COMM +RTT$/);
  expect(lines[1]).toMatch(/^has-ended +999ms$/);
  expect(lines.at(-1)).toBe(`settings columns, sort from ${path}`);
});

test("options come first, and --no-config leaves them out", async () => {
  const { run } = userOfTest(SETTINGS);
  const [sorted, plain] = [
    linesOf(await run("-b", "-s", "rtt:asc")),
    linesOf(await run("-b", "--no-config")),
  ];
  expect(sorted[0]).toMatch(/^COMM +RTT$/);
  expect(sorted[1]).toMatch(/ 1\.00ms$/);
  const without = linesOf(await userOfTest(null).run("-b"));
  expect(plain[0]).toBe(without[0]);
  expect([plain.at(-1), without.at(-1)]).toEqual(["rung fentry", "rung fentry"]);
});

test.each(["ndjson", "csv"])("%s is the same with them and without", async (format) => {
  const namesOf = (ended: Ended) =>
    format === "csv"
      ? linesOf({ ...ended, stdout: `\n${ended.stdout}` }).map((line) => line.split(",").slice(1, 8).join())
      : ended.stdout.split("\n").map((line) => Object.keys(JSON.parse(line || "{}")).join());
  const [with_, without] = await Promise.all(
    [SETTINGS, null].map((settings) => userOfTest(settings).run("-o", format)),
  );
  if (with_ === undefined || without === undefined) throw new Error("neither ran");
  expect(with_).toMatchObject({ status: 0, stderr: "" });
  expect(namesOf(with_)).toEqual(namesOf(without));
});

test("a mistake in them is one line and status 2, but where nothing is taken from them", async () => {
  const { path, run } = userOfTest("intervall = 2\n");
  expect(await run("-b")).toMatchObject({
    ...{ status: 2, stdout: "" },
    stderr: `tcptop: ${path}: intervall: no such setting; did you mean interval?\n`,
  });
  for (const args of [
    ["-b", "--no-config"],
    ["-o", "ndjson"],
    ["-o", "csv"],
  ])
    expect(await run(...args)).toMatchObject({ status: 0, stderr: "" });
});

test("who has no home, or somebody else's, has no settings", async () => {
  const { path } = userOfTest(SETTINGS);
  const home = dirname(dirname(path));
  chmodSync(home, 0o700);
  // Loaded as root, which may read this checkout wherever it is.
  const script = `
    const { configPath, readConfig } = await import(${JSON.stringify(`${DIST}/src/cli/config.js`)});
    process.setgroups([]);
    process.setgid(54321);
    process.setuid(54321);
    console.log(readConfig(configPath(process.env)).sort);`;
  for (const folder of [home, undefined]) {
    const env = { HOME: folder, XDG_CONFIG_HOME: folder };
    const asOther = await runProgram(process.execPath, ["--input-type=module", "-e", script], { env });
    expect(asOther).toMatchObject({ status: 0, stdout: "null\n", stderr: "" });
  }
});

test("--print-config prints them, and with --no-config what is usual", async () => {
  const { run } = userOfTest(SETTINGS);
  expect((await run("--print-config")).stdout).toMatch(/^columns = \["comm", "rtt"\]$/m);
  const usual = (await run("--print-config", "--no-config")).stdout;
  expect(usual).toMatch(/^# columns = \["pid", /m);
  expect(usual).toMatch(/^sort = ""$/m);
});
