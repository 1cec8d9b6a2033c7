import { closeSync, openSync, statSync } from "node:fs";
import { CLONE_NEWNET, enterNamespace } from "./libc.js";
import { listFolder } from "./list-folder.js";

const OWN = "/proc/self/ns/net";
/** Of the calling thread, which may be in another for a moment. */
const CURRENT = "/proc/thread-self/ns/net";
/** Where `ip netns` binds named namespaces. */
const NAMED = "/run/netns";

/**
 * Network namespaces that can be entered, by inode, each with a path to it. Our own is among them. With `wanted`, only those,
 * and the search ends with the last of them: it looks at every process else.
 */
export function findNetworkNamespaces(
  wanted: ReadonlySet<number> | null = null,
): ReadonlyMap<number, string> {
  const found = new Map<number, string>();
  for (const path of namespacePaths()) {
    const inode = inodeOrNull(path);
    if (inode === null || found.has(inode) || (wanted !== null && !wanted.has(inode))) continue;
    found.set(inode, path);
    if (found.size === wanted?.size) break;
  }
  return found;
}

function* namespacePaths(): Generator<string> {
  yield OWN;
  for (const name of listFolder(NAMED)) yield `${NAMED}/${name}`;
  for (const name of listFolder("/proc")) if (/^\d+$/.test(name)) yield `/proc/${name}/ns/net`;
}

/** Runs `action`, which must not wait for anything, with this thread in the namespace at `path`. */
export function inNetworkNamespace<Result>(path: string, action: () => Result): Result {
  const back = openSync(OWN, "r");
  try {
    const target = openSync(path, "r");
    try {
      // Our own first: whoever may not come back must not leave.
      enterNamespace(back, CLONE_NEWNET);
      enterNamespace(target, CLONE_NEWNET);
      try {
        return action();
      } finally {
        enterNamespace(back, CLONE_NEWNET);
      }
    } finally {
      closeSync(target);
    }
  } finally {
    closeSync(back);
  }
}

/** As `inNetworkNamespace`, but only in the namespace with this inode: a process that the path leads through may have changed its own. */
export function inNamespaceOfInode<Result>(inode: number, path: string, action: () => Result): Result {
  return inNetworkNamespace(path, () => {
    if (statSync(CURRENT).ino !== inode) throw new Error(`${path} leads to another network namespace`);
    return action();
  });
}

/** Inode of the network namespace that this thread is in. */
export function ownNetworkNamespace(): number {
  return statSync(CURRENT).ino;
}

/** Whether this process may enter network namespaces: at least the one that it is in. */
export function canEnterNamespaces(): boolean {
  try {
    return inNetworkNamespace(OWN, () => true);
  } catch {
    return false;
  }
}

/** Null where the process has ended, or its namespaces are not ours to see. */
function inodeOrNull(path: string): number | null {
  try {
    return statSync(path).ino;
  } catch {
    return null;
  }
}
