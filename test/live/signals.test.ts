import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { bpfIds, bpfIdsOf } from "./bpf-left.js";
import { launchedTcptopOfTest, leavesNothingOfTest, trafficOfTest } from "./of-test.js";
import { childrenOf, isRunning } from "./processes.js";
import { TCPTOP, type Tcptop } from "./tcptop.js";

// Told to end at whatever moment, it ends with status 0, and what it had in the kernel is gone.

const END_MS = 2_000;
const MOMENT_MS = 10_000;

beforeEach(leavesNothingOfTest);

/** Marks all processes that a test starts: others come and go on this host. */
const MARK = "TCPTOP_SIGNALS_TEST";

beforeEach(() => {
  process.env[MARK] = randomUUID();
  onTestFinished(async () => {
    const left = (): readonly string[] => [...markedProcesses(), ...mountsOfTcptop()];
    await expect.poll(left, { timeout: 10_000, interval: 100 }).toEqual([]);
  });
});

/** The pids of what this test has started. Namespaces that nobody has named end with them. */
function markedProcesses(): readonly string[] {
  const mark = `${MARK}=${process.env[MARK]}`;
  return readdirSync("/proc").filter((name) => /^\d+$/.test(name) && environmentOf(name).includes(mark));
}

function environmentOf(pid: string): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
  } catch {
    return [];
  }
}

/** What tcptop mounts, for a moment, it mounts in folders of its own. */
function mountsOfTcptop(): readonly string[] {
  const lines = readFileSync("/proc/self/mountinfo", "utf8").split("\n");
  return lines.filter((line) => /\/tcptop-(?:cgroup|tracing)-/.test(line));
}

type Moment = (tcptop: Tcptop) => Promise<unknown>;

const MOMENTS: readonly (readonly [string, Moment])[] = [
  ["with the first program loaded", ({ pid }) => until(() => bpfIdsOf(pid).length > 0)],
  ["with the first link attached", ({ pid }) => until(() => bpfIdsOf(pid).some(isLink))],
  ["in a walk", ({ pid }) => until(() => opensIterator(pid))],
  ["after the first frame", (tcptop) => tcptop.frameWhere(() => true)],
  ["between two frames", betweenFrames],
];

describe.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)("%s", (signal) => {
  test.each(MOMENTS)("%s", async (_, moment) => {
    const tcptop = launchedTcptopOfTest(["-d", "0.1"]);
    await moment(tcptop);
    const [held, children] = [bpfIdsOf(tcptop.pid), childrenOf(tcptop.pid)];
    expect(held).not.toEqual([]);
    expect(await tcptop.stop(signal, END_MS)).toEqual({ status: 0, stderr: "" });
    await expect.poll(() => children.filter(isRunning), { timeout: MOMENT_MS }).toEqual([]);
    await expect.poll(() => held.filter((id) => bpfIds().has(id)), { timeout: MOMENT_MS }).toEqual([]);
  });

  test("in the first sample, which waits for a locked socket", async () => {
    const locked = await trafficOfTest("locked", "locked");
    const tcptop = launchedTcptopOfTest(["-d", "0.1"]);
    await until(() => bpfIdsOf(tcptop.pid).some(isLink) && childrenOf(tcptop.pid).length > 0);
    expect(await tcptop.stop(signal, END_MS)).toEqual({ status: 0, stderr: "" });
    expect(tcptop.frames).toEqual([]);
    await locked.order("release");
  });
});

test("what it holds while it runs is what is looked for", async () => {
  const tcptop = launchedTcptopOfTest();
  await tcptop.frameWhere(() => true);
  const held = bpfIdsOf(tcptop.pid);
  for (const kind of ["prog", "map", "link"])
    expect(held.filter((id) => id.startsWith(kind))).not.toEqual([]);
  expect(held.filter((id) => !bpfIds().has(id))).toEqual([]);
  expect(markedProcesses()).toContain(String(tcptop.pid));
});

test("two signals are no more than one", async () => {
  const tcptop = launchedTcptopOfTest(["-d", "0.1"]);
  await tcptop.frameWhere(() => true);
  process.kill(tcptop.pid, "SIGTERM");
  expect(await tcptop.stop("SIGINT", END_MS)).toEqual({ status: 0, stderr: "" });
});

test.each(["SIGINT", "SIGTERM"] as const)(
  "a reader that does not read does not hold up %s",
  async (signal) => {
    // More than any pipe takes: once the first bytes are there, the write goes on for good.
    await trafficOfTest("conns", "conns", { n: 2000 });
    const tcptop = spawn(TCPTOP, ["-o", "ndjson"], { stdio: ["ignore", "pipe", "inherit"] });
    onTestFinished(() => void tcptop.kill("SIGKILL"));
    await once(tcptop.stdout, "readable", { signal: AbortSignal.timeout(MOMENT_MS) });
    tcptop.kill(signal);
    const [status] = await once(tcptop, "exit", { signal: AbortSignal.timeout(END_MS) });
    expect(status).toBe(0);
  },
);

async function betweenFrames(tcptop: Tcptop): Promise<void> {
  for (let frame = 1; frame <= 5; frame++) await tcptop.frameWhere(() => true);
  await until(() => !opensIterator(tcptop.pid));
}

/** Looks again and again, with nothing but a turn of the event loop in between: these moments are short. */
async function until(holds: () => boolean): Promise<void> {
  const deadline = Date.now() + MOMENT_MS;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error("the moment did not come");
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function isLink(id: string): boolean {
  return id.startsWith("link ");
}

function opensIterator(pid: number): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some(
      (fd) => readlinkSync(`/proc/${pid}/fd/${fd}`) === "anon_inode:bpf_iter",
    );
  } catch {
    return false;
  }
}
