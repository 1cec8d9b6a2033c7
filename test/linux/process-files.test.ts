import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync, statSync } from "node:fs";
import { describe, expect, onTestFinished, test } from "vitest";
import { ProcessFileReader } from "../../src/linux/process-files.js";

describe.runIf(process.platform === "linux")("the files of a process", () => {
  test("are those of /proc", async () => {
    const found = await new ProcessFileReader().read(process.pid);
    expect(found).toMatchObject({
      uid: process.geteuid?.(),
      cmdline: readFileSync("/proc/self/cmdline"),
      cgroup: readFileSync("/proc/self/cgroup", "utf8"),
      netns: statSync("/proc/self/ns/net").ino,
    });
    expect(found?.stat).toMatch(new RegExp(`^${process.pid} \\(`));
  });

  test("have no more of a command line than 4 KiB", async () => {
    const child = spawn("sleep", ["1000", ...Array.from({ length: 100 }, () => "0".repeat(100))]);
    onTestFinished(() => {
      child.kill("SIGKILL");
    });
    await once(child, "spawn");
    const cmdline = (await new ProcessFileReader().read(child.pid ?? 0))?.cmdline;
    expect(cmdline?.length).toBe(4096);
    expect(cmdline?.toString().startsWith("sleep\u00001000\u000000000")).toBe(true);
  });

  test("are none when it has ended", async () => {
    expect(await new ProcessFileReader().read(spawnSync("true").pid)).toBeNull();
  });
});
