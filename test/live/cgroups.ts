import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { onTestFinished } from "vitest";

const REMOVE_MS = 5000;

/** A cgroup that a test made, somewhere below the mount of cgroup v2. */
export interface Cgroup {
  /** As /proc/<pid>/cgroup has it. */
  readonly path: string;
  /** Where it is mounted. */
  readonly folder: string;
  readonly take: (pid: number) => void;
}

/** Makes the cgroup and the folders above it that are missing; what was made goes with the test. */
export function cgroupOfTest(path: string): Cgroup {
  const mount = mountPoint();
  const made: string[] = [];
  onTestFinished(async () => {
    for (const folder of made.toReversed()) await remove(folder);
  });
  let folder = mount;
  for (const name of path.split("/").filter((part) => part !== "")) {
    folder = `${folder}/${name}`;
    if (existsSync(folder)) continue;
    mkdirSync(folder);
    made.push(folder);
  }
  return { path, folder, take: (pid) => writeFileSync(`${folder}/cgroup.procs`, `${pid}`) };
}

/** Where cgroup v2 is mounted: on hybrid hosts below the mounts of v1. */
function mountPoint(): string {
  for (const line of readFileSync("/proc/self/mountinfo", "utf8").split("\n")) {
    const [mount = "", fileSystem = ""] = line.split(" - ");
    const point = mount.split(" ")[4];
    if (fileSystem.startsWith("cgroup2 ") && point !== undefined) return point;
  }
  throw new Error("cgroup v2 is not mounted");
}

/** It is busy until the last process has been laid to rest. */
async function remove(folder: string): Promise<void> {
  const deadline = Date.now() + REMOVE_MS;
  for (;;) {
    try {
      rmdirSync(folder);
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await sleep(20);
    }
  }
}
