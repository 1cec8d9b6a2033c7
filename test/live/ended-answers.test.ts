import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { bpfIds, bpfIdsOf } from "./bpf-left.js";
import { withForcedRung } from "./forced-rung.js";
import { leavesNothingOfTest } from "./of-test.js";
import { childrenOf, isRunning } from "./processes.js";
import { TCPTOP } from "./tcptop.js";

// What gives one answer and is told to end before it has one: it says so with its status, and nothing of it is left.

const MOMENT_MS = 20_000;
/** Where trace events of tcptop would be, which outlive their process: those of the rung kprobe. */
const TRACE_EVENTS = "/sys/kernel/tracing/kprobe_events";

interface Running {
  readonly pid: number;
  /** Sends a signal, and resolves to how it ended and what it had said. */
  readonly stop: (signal: NodeJS.Signals) => Promise<unknown>;
}

/** `isGroup` gives it a process group of its own, to which Ctrl-C would go as a whole. */
function startOfTest(args: readonly string[], isGroup = false): Running {
  const child = spawn(TCPTOP, args, { stdio: ["ignore", "pipe", "pipe"], detached: isGroup });
  onTestFinished(() => void child.kill("SIGKILL"));
  const { pid } = child;
  if (pid === undefined) throw new Error("it did not start");
  const said = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (text: string) => {
      said[name] += text;
    });
  }
  const stop: Running["stop"] = async (signal) => {
    process.kill(isGroup ? -pid : pid, signal);
    const [status, killedBy] = await once(child, "close", { signal: AbortSignal.timeout(MOMENT_MS) });
    return { status, killedBy, ...said };
  };
  return { pid, stop };
}

/** Looks again and again, with nothing but a turn of the event loop in between: these moments are short. */
async function until(holds: () => boolean): Promise<void> {
  const deadline = Date.now() + MOMENT_MS;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error("the moment did not come");
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Whether a process is the one that makes the traffic, and can begin. */
function isTraffic(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").startsWith("tcptop-selftest");
  } catch {
    return false;
  }
}

function traceEventsOf(pid: number): readonly string[] {
  if (!existsSync(TRACE_EVENTS)) return [];
  return readFileSync(TRACE_EVENTS, "utf8")
    .split("\n")
    .filter((line) => line.includes(":tcptop/") && line.includes(`_${pid}_`));
}

async function leavesNothing(
  pid: number,
  held: readonly string[],
  children: readonly number[],
): Promise<void> {
  await expect.poll(() => children.filter(isRunning), { timeout: MOMENT_MS }).toEqual([]);
  await expect.poll(() => held.filter((id) => bpfIds().has(id)), { timeout: MOMENT_MS }).toEqual([]);
  expect(traceEventsOf(pid)).toEqual([]);
}

beforeEach(leavesNothingOfTest);

describe.each([
  ["SIGINT", 130],
  ["SIGTERM", 143],
  ["SIGHUP", 129],
] as const)("%s: status %i", (signal, status) => {
  const ended = { status, killedBy: null, stdout: "", stderr: "" };

  test("tcptop selftest, while its traffic moves", async () => {
    const { pid, stop } = startOfTest(["selftest", ...withForcedRung([])]);
    await until(() => childrenOf(pid).some(isTraffic));
    const [held, children] = [bpfIdsOf(pid), childrenOf(pid)];
    expect(await stop(signal)).toEqual(ended);
    await leavesNothing(pid, held, children);
  });

  test("tcptop selftest, with the first program loaded", async () => {
    const { pid, stop } = startOfTest(["selftest", ...withForcedRung([])]);
    await until(() => bpfIdsOf(pid).length > 0);
    const held = bpfIdsOf(pid);
    expect(await stop(signal)).toEqual(ended);
    await leavesNothing(pid, held, []);
  });

  test("tcptop doctor, with a rung that is open", async () => {
    const { pid, stop } = startOfTest(["doctor"]);
    await until(() => bpfIdsOf(pid).length > 0);
    const held = bpfIdsOf(pid);
    expect(await stop(signal)).toEqual(ended);
    await leavesNothing(pid, held, []);
  });
});

test.each(["netlink", "proc"])(
  "Ctrl-C, which reaches all of a process group, on the rung %s",
  async (rung) => {
    const { pid, stop } = startOfTest(["selftest", "--rung", rung], true);
    await until(() => childrenOf(pid).some(isTraffic));
    const children = childrenOf(pid);
    expect(await stop("SIGINT")).toEqual({ status: 130, killedBy: null, stdout: "", stderr: "" });
    await leavesNothing(pid, [], children);
  },
);
