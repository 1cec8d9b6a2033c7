import { monotonicNs } from "../../linux/clock.js";
import { ProcessFileReader, type ProcessFiles } from "../../linux/process-files.js";
import { suspendedNs } from "../../linux/suspended-time.js";
import type { ProcessDetails } from "../../model/process-details.js";
import { type CgroupMembership, cgroupMembership } from "./cgroup-membership.js";
import { commandLine } from "./command-line.js";
import { startNs, startTicks } from "./process-start.js";
import { UserNames } from "./user-names.js";

/** One look at a process. */
export interface ProcessReading {
  /** Start in clock ticks since boot: tells it from another that has the same pid later. */
  readonly startTicks: number;
  /** How long it had lived then. */
  readonly ageMs: number;
  readonly details: ProcessDetails;
  /** Inode of the network namespace that it is in. */
  readonly netns: number | null;
  /** What that namespace would be called after it: see `Placement.network`. */
  readonly network: string | null;
}

/** Looks at a process; null when it is gone, or hidden. */
export type ReadProcess = (pid: number) => Promise<ProcessReading | null>;

/** Makes readers of processes, one for each that may be read at the same time. */
export function processReaders(count: number): readonly ReadProcess[] {
  const host = new HostFacts();
  return Array.from({ length: count }, () => {
    const files = new ProcessFileReader();
    return async (pid: number) => {
      await host.refresh();
      const found = await files.read(pid);
      return found === null ? null : readingOf(found, host);
    };
  });
}

const REFRESH_MS = 1000;
const MAX_CGROUPS = 1024;

/** What is the same for many processes. */
class HostFacts {
  readonly users = new UserNames();
  suspendedNs = 0;
  /** By the whole text: processes of one container have the same, and each costs dozens of regular expressions. */
  readonly #cgroups = new Map<string, CgroupMembership | null>();
  #refreshedMs = Number.NEGATIVE_INFINITY;

  refresh(): Promise<void> {
    const nowMs = performance.now();
    if (nowMs - this.#refreshedMs >= REFRESH_MS) {
      this.#refreshedMs = nowMs;
      this.suspendedNs = suspendedNs();
    }
    return this.users.refresh(nowMs);
  }

  cgroupOf(text: string): CgroupMembership | null {
    const known = this.#cgroups.get(text);
    if (known !== undefined) return known;
    if (this.#cgroups.size >= MAX_CGROUPS) this.#cgroups.clear();
    const cgroup = cgroupMembership(text);
    this.#cgroups.set(text, cgroup);
    return cgroup;
  }
}

function readingOf(files: ProcessFiles, host: HostFacts): ProcessReading | null {
  const ticks = startTicks(files.stat);
  if (ticks === null) return null;
  const startedNs = startNs(ticks, host.suspendedNs);
  const cgroup = files.cgroup === null ? null : host.cgroupOf(files.cgroup);
  return {
    startTicks: ticks,
    ageMs: (monotonicNs() - startedNs) / 1e6,
    details: {
      startedNs,
      cmdline: files.cmdline === null ? null : commandLine(files.cmdline),
      user: host.users.nameOf(files.uid),
      cgroup: cgroup?.path ?? null,
      container: cgroup?.placement?.name ?? null,
    },
    netns: files.netns,
    network: cgroup?.placement?.network ?? null,
  };
}
