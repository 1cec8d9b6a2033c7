import { readlinkSync } from "node:fs";

const NAMESPACE_KINDS = ["cgroup", "pid", "net", "user", "mnt"] as const;
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

/** Kinds whose initial one has a fixed number in every kernel that tcptop runs on. */
const LONG_FIXED: readonly NamespaceKind[] = ["cgroup", "pid", "user"];

/** Whether this process is in a user namespace of somebody's making: its capabilities then count there only. */
export function isInUserNamespace(namespaces: readonly OwnNamespace[] = ownNamespaces()): boolean {
  return namespaces.some(({ kind, isInitial }) => kind === "user" && isInitial === false);
}

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
  const own = NAMESPACE_KINDS.map((kind) => ({ kind, inode: inodeOf("self", kind) }));
  const isFixed = ({ kind, inode }: (typeof own)[number]): boolean => inode === INITIAL[kind];
  const hasHostsProcesses = own.some((each) => each.kind === "pid" && isFixed(each));
  // Net and mnt got theirs together: where one has it, the other that has it not is another namespace.
  const allAreFixed = own.some((each) => !LONG_FIXED.includes(each.kind) && isFixed(each));
  const isInitial = (each: (typeof own)[number]): boolean | null => {
    if (each.inode === null) return null;
    if (isFixed(each)) return true;
    if (allAreFixed || LONG_FIXED.includes(each.kind)) return false;
    // Else the host's are taken to be those of its first process.
    const first = hasHostsProcesses ? inodeOf("1", each.kind) : null;
    return first === null ? null : first === each.inode;
  };
  return own.map((each) => ({ ...each, isInitial: isInitial(each) }));
}
