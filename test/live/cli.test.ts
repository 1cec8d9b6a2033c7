import { spawnSync } from "node:child_process";
import { closeSync, openSync, readFileSync, realpathSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test } from "vitest";
import { hasKprobes } from "../../src/linux/kprobes.js";
import { type Ended, runProgram } from "./run-program.js";
import { TCPTOP } from "./tcptop.js";

// What a user meets at the command line: bad input, a host that lacks something, pipes and full disks.

const MAIN = fileURLToPath(new URL("../../dist/src/cli/main.js", import.meta.url));

/** One line on stderr that says so, nothing on stdout, and the status. */
function expectOneLine(ended: Ended, status: number, words: RegExp): void {
  expect(ended.stderr).toMatch(/^tcptop: [^\n]+\n$/);
  expect(ended.stderr).toMatch(words);
  expect(ended.stderr).not.toMatch(/ at .*:\d+:\d+/);
  expect(ended).toMatchObject({ status, stdout: "" });
}

const NOBODY = ["--reuid=65534", "--regid=65534", "--clear-groups"];

/** Enough to read this checkout, wherever it is, and nothing else. */
function onlyCapability(name: string): readonly string[] {
  return ["inh-caps", "ambient-caps", "bounding-set"].map((set) => `--${set}=-all,+${name}`);
}

describe("bad input is one line and status 2", () => {
  test.each<readonly [readonly string[], RegExp]>([
    [["--nosuch"], /--nosuch.*; see tcptop --help/],
    [["--listning"], /--listning.*; did you mean --listening/],
    [["-d", "0"], /-d 0.*; give 0\.1 to 3600/],
    [["-d", "abc"], /-d abc.*; give 0\.1 to 3600/],
    [["-d"], /-d: its value is missing; write/],
    [["-s", "nosuch"], /-s nosuch.*; columns are /],
    [["-s", "tx_byte"], /-s tx_byte.*; did you mean .*tx_bytes/],
    [["-n", "-1"], /-n -1.*; give 1 or more/],
    [["-n", "0"], /-n 0.*; give 1 or more/],
    [["-o", "xml"], /-o xml.*; outputs are table, ndjson, csv/],
    [["-p", "abc"], /-p abc.*; give a number/],
    [["-p", String(pidOfNone())], /no such process; /],
    [["--rung", "nosuch"], /--rung nosuch.*; rungs are /],
    [["eth0"], /eth0.*; see tcptop --help/],
    [["-s", "a\nb\u001b[31m"], /no such column/],
  ])("%j", async (args, words) => {
    expectOneLine(await runProgram(TCPTOP, args), 2, words);
  });

  /** A process that was, and is no more. */
  function pidOfNone(): number {
    return spawnSync("true").pid;
  }
});

describe("what can't be had is one line and status 3", () => {
  test.skipIf(hasKprobes())("a rung on a kernel that was built without what it needs", async () => {
    const ended = await runProgram(TCPTOP, ["--rung", "kprobe", "-n", "1"]);
    expectOneLine(ended, 3, /this kernel was built without kprobes .*; boot a kernel that has them/);
  });

  test.each<readonly [string, readonly string[]]>([
    ["root without capabilities", ["--bounding-set=-all", "--inh-caps=-all"]],
    ["an ordinary user", [...NOBODY, ...onlyCapability("dac_read_search")]],
  ])("privileges: %s", async (_, how) => {
    const ended = await runProgram("setpriv", [...how, TCPTOP, "-n", "1", "--rung", "tracepoint"]);
    expectOneLine(ended, 3, /; run tcptop as root, or with CAP_BPF, CAP_PERFMON and CAP_NET_ADMIN/);
  });

  test("libbpf", async () => {
    const ended = await runProgram("unshare", ["--mount", "sh", "-c", WITHOUT_LIBBPF, TCPTOP, libbpf()]);
    expectOneLine(ended, 3, /libbpf\.so\.1.*; install.*libbpf1.*Debian.*Fedora.*Alpine/);
  });

  test("another system than Linux, found out before anything of Linux is loaded", async () => {
    const refuse = ["--import", fixture("refuse-linux.js")];
    const ended = await runProgram("node", [
      ...refuse,
      "--import",
      fixture("fake-darwin.js"),
      MAIN,
      "-n",
      "1",
    ]);
    expectOneLine(ended, 3, /needs Linux, and this is darwin; /);
    // On Linux the same start meets the refusal: it would have been seen.
    const here = await runProgram("node", [...refuse, MAIN, "-n", "1"]);
    expectOneLine(here, 1, /refused to load/);
  });

  function fixture(name: string): string {
    return fileURLToPath(new URL(`fixtures/${name}`, import.meta.url));
  }

  /** In a mount namespace of its own an empty file hides the library. */
  const WITHOUT_LIBBPF = 'mount --bind /dev/null "$1" && exec "$0" -n 1 --rung tracepoint';

  function libbpf(): string {
    const paths = readFileSync("/proc/self/maps", "utf8").match(/\/\S*$/gm) ?? [];
    const folder = paths
      .map((path) => path.replace(/\/[^/]*$/, ""))
      .find((path) => isFile(`${path}/libbpf.so.1`));
    if (folder === undefined) throw new Error("no libbpf.so.1 beside the C library");
    return realpathSync(`${folder}/libbpf.so.1`);
  }

  function isFile(path: string): boolean {
    return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
  }
});

describe("output", () => {
  test("a reader that has had enough is a clean end", async () => {
    const script = 'set -o pipefail; "$0" -d 0.1 | head -3';
    const ended = await runProgram("bash", ["-c", script, TCPTOP]);
    expect(ended).toMatchObject({ status: 0, stderr: "" });
    expect(ended.stdout.trimEnd().split("\n")).toHaveLength(3);
  });

  test.each([
    [["-d", "0.1"]],
    [["-d", "0.1", "-o", "ndjson"]],
    [["-d", "0.1", "-o", "csv"]],
    [["doctor"]],
    [["doctor", "-o", "json"]],
    [["selftest"]],
    [["--print-config"]],
    [["--help"]],
    [["--version"]],
  ])("a full disk is one line and status 1: %j", async (args) => {
    const full = openSync("/dev/full", "w");
    onTestFinished(() => closeSync(full));
    const ended = await runProgram(TCPTOP, args, { stdout: full });
    expectOneLine(ended, 1, /can't write to stdout: .*ENOSPC/);
  });

  test.each([["doctor"], ["--print-config"], ["--help"]])("%s to a reader that went away", async (word) => {
    const script = 'exec 3> >(exec true); wait $!; "$0" "$1" >&3';
    expect(await runProgram("bash", ["-c", script, TCPTOP, word])).toMatchObject({ status: 0, stderr: "" });
  });

  test.each([
    ["a full disk", "2>/dev/full"],
    ["none", "2>&-"],
  ])("stderr is %s: the status says it", async (_, redirection) => {
    const script = `"$0" --rung nosuch ${redirection}`;
    expect(await runProgram("sh", ["-c", script, TCPTOP])).toMatchObject({ status: 2, stderr: "" });
  });

  test("without stdin, stdout and stderr it ends as asked", async () => {
    const script = '"$0" -n 1 <&- >&- 2>&-';
    expect(await runProgram("sh", ["-c", script, TCPTOP])).toMatchObject({ status: 0, stdout: "" });
  });

  test("-o ndjson: objects, and one summary for each snapshot", async () => {
    const { stdout, ...ended } = await runProgram(TCPTOP, ["-n", "2", "-d", "0.1", "-o", "ndjson"]);
    expect(ended).toMatchObject({ status: 0, stderr: "" });
    const lines: readonly {
      readonly type: string;
      readonly rung?: string;
      readonly interval_ms?: number | null;
    }[] = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    const summaries = lines.filter(({ type }) => type === "summary");
    expect(summaries).toMatchObject([{ rung: "tracepoint", interval_ms: null }, { rung: "tracepoint" }]);
    expect(summaries[1]?.interval_ms).toBeGreaterThan(50);
    expect(lines.at(-1)).toBe(summaries[1]);
  });

  test("-o csv: the names once, and CR LF", async () => {
    const { stdout, ...ended } = await runProgram(TCPTOP, ["-n", "2", "-d", "0.1", "-o", "csv"]);
    expect(ended).toMatchObject({ status: 0, stderr: "" });
    expect(stdout).toMatch(/^time,host,id,proto,/);
    expect(stdout.endsWith("\r\n")).toBe(true);
    const [names = "", ...rows] = stdout.split("\r\n").slice(0, -1);
    const fields = names.split(",").length;
    expect(rows.map((row) => row.split(",").length)).toEqual(rows.map(() => fields));
    expect(rows.filter((row) => row.startsWith("time,"))).toEqual([]);
  });

  test("-o table is the default where stdout is no terminal", async () => {
    const { stdout, ...ended } = await runProgram(TCPTOP, ["-n", "2", "-d", "0.1"]);
    expect(ended).toMatchObject({ status: 0, stderr: "" });
    const frames = stdout.split("\n\n");
    expect(frames).toHaveLength(2);
    for (const frame of frames) {
      expect(frame).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z {2}\S/);
      expect(frame).toMatch(/^\d+ open, \d+ listening, \d+ closed, \d+ shown; tx /m);
      expect(frame.trimEnd()).toMatch(/\nrung tracepoint$/);
    }
  });

  test("--help and --version end with 0 and need nothing of this host", async () => {
    const drop = ["--bounding-set=-all", "--inh-caps=-all"];
    for (const [option, words] of [
      ["--help", /^Usage: tcptop/],
      ["--version", /^tcptop \d+\.\d+\.\d+\n$/],
    ] as const) {
      const ended = await runProgram("setpriv", [...drop, TCPTOP, option]);
      expect(ended).toMatchObject({ status: 0, stderr: "" });
      expect(ended.stdout).toMatch(words);
    }
  });
});
