import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { expect } from "vitest";

const KINDS = ["prog", "map", "link"] as const;
/** The kernel frees a program a while after its last user is gone (RCU). */
const FREED_MS = 10_000;

/** What the kernel holds of BPF: "prog 17", "map 4", "link 9". */
export function bpfIds(): ReadonlySet<string> {
  return new Set(KINDS.flatMap((kind) => idsOf(kind).map((id) => `${kind} ${id}`)));
}

/**
 * Nothing has been added to what there was before, but for what a living process has open: other tcptops may run on this
 * host. Polled, with a deadline.
 */
export async function expectNoneLeft(before: ReadonlySet<string>): Promise<void> {
  const left = (): readonly string[] => {
    const added = [...bpfIds()].filter((id) => !before.has(id));
    const held = added.length === 0 ? added : heldIds();
    return added.filter((id) => !held.includes(id));
  };
  await expect.poll(left, { timeout: FREED_MS, interval: 100 }).toEqual([]);
}

/** The BPF objects that one process has open. */
export function bpfIdsOf(pid: number): readonly string[] {
  return descriptorsOf(pid).flatMap((fd) => {
    try {
      if (!readlinkSync(`/proc/${pid}/fd/${fd}`).startsWith("anon_inode:bpf")) return [];
      const info = readFileSync(`/proc/${pid}/fdinfo/${fd}`, "utf8");
      return [...info.matchAll(/^(prog|map|link)_id:\s*(\d+)$/gm)].map(([, kind, id]) => `${kind} ${id}`);
    } catch {
      return [];
    }
  });
}

function heldIds(): readonly string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => bpfIdsOf(Number(pid)));
}

function descriptorsOf(pid: number): readonly string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`);
  } catch {
    return [];
  }
}

function idsOf(kind: (typeof KINDS)[number]): readonly number[] {
  const listed: unknown = JSON.parse(bpftool(kind));
  if (!Array.isArray(listed)) return [];
  return listed.flatMap((entry: { readonly id?: number }) => (entry.id === undefined ? [] : [entry.id]));
}

/** One that goes away between the list and the look makes bpftool fail, after it has told the others. */
function bpftool(kind: string): string {
  try {
    return execFileSync("bpftool", ["-j", kind, "show"], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
  } catch (error) {
    const { stdout } = error as { readonly stdout?: string };
    return stdout === undefined || stdout === "" ? "[]" : stdout;
  }
}
