import { execFileSync, spawn } from "node:child_process";
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

beforeEach(() => {
  const before = machineState();
  onTestFinished(async () => {
    const added = (): readonly string[] => machineState().filter((line) => !before.includes(line));
    await expect.poll(added, { timeout: 10_000, interval: 100 }).toEqual([]);
  });
});

/** Mounts, and namespaces of mounts and networks. */
function machineState(): readonly string[] {
  const mounts = readFileSync("/proc/self/mountinfo", "utf8").split("\n");
  const namespaces = execFileSync("lsns", ["--noheadings", "--output", "TYPE,NS"], {
    encoding: "utf8",
  }).split("\n");
  return [...mounts, ...namespaces.filter((line) => /^(mnt|net) /.test(line))];
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
