import { readlinkSync } from "node:fs";

export const NAMESPACE_KINDS = ["cgroup", "pid", "net", "user", "mnt"] as const;
export type NamespaceKind = (typeof NAMESPACE_KINDS)[number];

export interface OwnNamespace {
  readonly kind: NamespaceKind;
  /** null where /proc does not tell. */
  readonly inode: number | null;
  /** Whether it is the one that the host started with; null where that can't be told. */
  readonly isInitial: boolean | null;
}

/** The inodes of the initial ones (include/linux/proc_ns.h): fixed since 3.8, those of net and mnt since 6.18. */
const INITIAL: Readonly<Record<NamespaceKind, number>> = {
  cgroup: 0xeffffffb,
  pid: 0xeffffffc,
  net: 0xeffffff9,
  user: 0xeffffffd,
  mnt: 0xeffffff8,
};

/** The namespaces that this process runs in. `link` reads a link below /proc, and throws where it can't. */
export function ownNamespaces(link: (path: string) => string = readlinkSync): readonly OwnNamespace[] {
  const inodeOf = (process: string, kind: NamespaceKind): number | null => {
    try {
      const inode = /:\[(\d+)\]$/.exec(link(`/proc/${process}/ns/${kind}`))?.[1];
      return inode === undefined ? null : Number(inode);
    } catch {
      return null;
    }
  };
  const hasHostsProcesses = inodeOf("self", "pid") === INITIAL.pid;
  return NAMESPACE_KINDS.map((kind) => {
    const inode = inodeOf("self", kind);
    if (inode === null || inode === INITIAL[kind])
      return { kind, inode, isInitial: inode === null ? null : true };
    if (kind !== "net" && kind !== "mnt") return { kind, inode, isInitial: false };
    // Where these have no fixed number, the host's are taken to be those of its first process.
    const first = hasHostsProcesses ? inodeOf("1", kind) : null;
    if (first === null) return { kind, inode, isInitial: null };
    return { kind, inode, isInitial: first === inode };
  });
}
