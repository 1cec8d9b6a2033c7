import { readFileSync } from "node:fs";
import { release } from "node:os";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { leavesNothingOfTest } from "./of-test.js";
import { runProgram } from "./run-program.js";
import { TCPTOP } from "./tcptop.js";

const MAIN = fileURLToPath(new URL("../../dist/src/cli/main.js", import.meta.url));

interface Report {
  readonly kernel: string;
  readonly kernel_btf: boolean;
  readonly libbpf: { readonly version: string; readonly path: string } | null;
  readonly libbpf_mend: string | null;
  readonly namespaces: readonly { readonly kind: string; readonly initial: boolean | null }[];
  readonly capabilities_held: readonly string[];
  readonly capabilities: readonly { readonly capability: string; readonly held: boolean }[];
  readonly rungs: readonly {
    readonly rung: string;
    readonly works: boolean | null;
    readonly reason: string | null;
    readonly mend: string | null;
    readonly remedy: string | null;
  }[];
  readonly taken: string | null;
}

/** `tcptop doctor -o json`, started by `before`. */
async function doctor(
  ...before: readonly string[]
): Promise<{ readonly status: number | null; readonly report: Report }> {
  const [command = TCPTOP, ...args] = [...before, TCPTOP, "doctor", "-o", "json"];
  const ended = await runProgram(command, args);
  expect(ended.stderr).toBe("");
  return { status: ended.status, report: JSON.parse(ended.stdout) };
}

function works({ rungs }: Report, rung: string): Report["rungs"][number] | undefined {
  return rungs.find((finding) => finding.rung === rung);
}

const DROP_ALL = ["setpriv", "--bounding-set=-all", "--inh-caps=-all"];

test("what it says works is what tcptop can be forced to, and what it takes is what tcptop takes", async () => {
  leavesNothingOfTest();
  const { status, report } = await doctor();
  expect(status).toBe(0);
  for (const { rung, works } of report.rungs) {
    const forced = await runProgram(TCPTOP, ["-n", "1", "-b", "--rung", rung]);
    expect([rung, forced.status]).toEqual([rung, works === true ? 0 : 3]);
  }
  const free = await runProgram(TCPTOP, ["-n", "1", "-b"]);
  expect(free.stdout.trimEnd()).toMatch(new RegExp(`\\nrung ${report.taken}$`));
});

test("the facts are this host's", async () => {
  const { report } = await doctor();
  expect(report.kernel).toBe(release());
  expect(report.kernel_btf).toBe(true);
  expect(report.libbpf).toMatchObject({ version: expect.stringMatching(/^\d+\.\d+/) });
  expect(readFileSync(report.libbpf?.path ?? "").length).toBeGreaterThan(0);
  expect(report.capabilities_held).toContain("CAP_SYS_ADMIN");
  expect(report.capabilities.filter(({ held }) => !held)).toEqual([]);
});

describe("what is missing is named, with what would change it", () => {
  test("privileges", async () => {
    const { status, report } = await doctor(...DROP_ALL);
    expect(status).toBe(0);
    expect(report.taken).not.toBe("tracepoint");
    expect(works(report, "tracepoint")).toMatchObject({
      ...{ works: false, remedy: "privilege" },
      mend: expect.stringContaining("CAP_BPF"),
    });
    expect(report.capabilities.filter(({ held }) => held)).toEqual([]);
    expect(report.capabilities_held).toEqual([]);
  });

  test("libbpf", async () => {
    const hide = 'mount --bind /dev/null "$(readlink -f "$1")" && shift && exec "$@"';
    const { report: whole } = await doctor();
    const { status, report } = await doctor(
      "unshare",
      "--mount",
      "sh",
      "-c",
      hide,
      "sh",
      whole.libbpf?.path ?? "",
    );
    expect(status).toBe(0);
    expect(report).toMatchObject({
      libbpf: null,
      libbpf_mend: expect.stringContaining("apt install libbpf1"),
    });
    expect(works(report, "tracepoint")).toMatchObject({ works: false, remedy: "package" });
  });

  test.each([
    ["cgroup", ["unshare", "--cgroup"]],
    ["pid", ["unshare", "--pid", "--fork", "--mount-proc"]],
    ["net", ["unshare", "--net"]],
    ["user", ["unshare", "--user", "--map-root-user"]],
    ["mnt", ["unshare", "--mount"]],
  ] as const)("a %s namespace", async (kind, how) => {
    const { status, report } = await doctor(...how);
    expect(status).toBe(0);
    expect(report.namespaces.find((namespace) => namespace.kind === kind)?.initial).toBe(false);
    if (kind !== "user") return;
    expect(works(report, "tracepoint")).toMatchObject({
      ...{ works: false, remedy: "privilege" },
      reason: expect.stringContaining("user namespace"),
    });
  });
});

test("without /proc nothing can be had, nor told: one line, and status 3", async () => {
  const args = [
    "--mount",
    "sh",
    "-c",
    'umount -l /proc && exec "$@"',
    "sh",
    process.execPath,
    MAIN,
    "doctor",
  ];
  const ended = await runProgram("unshare", args);
  expect(ended).toMatchObject({ status: 3, stdout: "" });
  expect(ended.stderr).toBe("tcptop: there is no /proc here; mount the proc file system\n");
});

describe("the text", () => {
  test("fits into 80 columns, has no colours in a pipe, and names every rung", async () => {
    const { status, stdout, stderr } = await runProgram(TCPTOP, ["doctor"]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    const lines = stdout.split("\n");
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(stdout).not.toContain("\u001b");
    for (const rung of ["fentry", "tracepoint", "kprobe", "netlink", "user", "proc"])
      expect(lines.some((line) => line.startsWith(`${rung} `))).toBe(true);
  });

  test("has colours on a terminal, and none with NO_COLOR", async () => {
    const onTerminal = ["-qec", `${TCPTOP} doctor`, "/dev/null"];
    const env = { TERM: "xterm-256color", NO_COLOR: "" };
    expect((await runProgram("script", onTerminal, { env })).stdout).toContain("\u001b[32myes");
    const without = await runProgram("script", onTerminal, { env: { ...env, NO_COLOR: "1" } });
    expect(without.stdout).not.toContain("\u001b[");
    expect(without.stdout).toContain("yes");
  });
});

test("a nested pid namespace is said in one line", async () => {
  const args = ["--pid", "--fork", "--mount-proc", TCPTOP, "-n", "1", "-o", "ndjson"];
  const ended = await runProgram("unshare", args);
  expect(ended.status).toBe(0);
  expect(ended.stderr).toMatch(/^tcptop: in a pid namespace: [^\n]+\n$/);
  const rows: readonly { readonly type: string; readonly cmdline?: string | null }[] = ended.stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(rows.filter(({ type, cmdline }) => type === "connection" && cmdline !== null)).toEqual([]);
});
