import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { withForcedRung } from "../live/forced-rung.js";
import { runProgram } from "../live/run-program.js";
import { TCPTOP } from "../live/tcptop.js";

// Return probes are made through tracefs, where they outlive the process that made them unless somebody takes them away.

const tracefs = mkdtempSync(join(tmpdir(), "tracefs-"));

beforeAll(() => {
  execFileSync("mount", ["-t", "tracefs", "none", tracefs]);
});

afterAll(() => {
  execFileSync("umount", [tracefs]);
});

/** The trace events that are tcptop's, as kprobe_events has them. */
function ownProbes(): readonly string[] {
  const definitions = readFileSync(join(tracefs, "kprobe_events"), "utf8").split("\n");
  return definitions.filter((line) => line.includes(":tcptop/"));
}

async function runOnce(): Promise<void> {
  const ended = await runProgram(TCPTOP, withForcedRung(["-b", "-n", "1"]));
  expect(ended).toMatchObject({ status: 0, stderr: "" });
}

test("a tcptop that has ended leaves no probes", async () => {
  await runOnce();
  expect(ownProbes()).toEqual([]);
});

test("what a tcptop left that was killed, the next takes away; not what others made", async () => {
  execFileSync("sh", ["-c", `echo 'p:tcptop_test/of_others udp_sendmsg' >> ${tracefs}/kprobe_events`]);
  const child = spawn(TCPTOP, withForcedRung(["-b", "-d", "0.2"]), { stdio: "ignore" });
  await expect.poll(() => ownProbes().length, { timeout: 30_000 }).toBeGreaterThan(0);
  const exited = once(child, "exit");
  child.kill("SIGKILL");
  await exited;
  expect(ownProbes()).not.toEqual([]);
  await runOnce();
  expect(ownProbes()).toEqual([]);
  expect(readFileSync(join(tracefs, "kprobe_events"), "utf8")).toContain("tcptop_test/of_others");
});
