import { closeSync, openSync, readdirSync, statSync } from "node:fs";

import { CLONE_NEWNET, enterNamespace } from "./libc.js";

const OWN = "/proc/self/ns/net";
/** Where `ip netns` binds named namespaces. */
const NAMED = "/run/netns";

/** Network namespaces that can be entered, by inode, each with a path to it. Our own is among them. */
export function findNetworkNamespaces(): ReadonlyMap<number, string> {
  const found = new Map<number, string>();
  addNamespace(found, OWN);
  for (const name of list(NAMED)) addNamespace(found, `${NAMED}/${name}`);
  for (const name of list("/proc")) if (/^\d+$/.test(name)) addNamespace(found, `/proc/${name}/ns/net`);
  return found;
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

function addNamespace(found: Map<number, string>, path: string): void {
  try {
    const { ino } = statSync(path);
    if (!found.has(ino)) found.set(ino, path);
  } catch {
    // The process ended, or its namespaces are not ours to see.
  }
}

function list(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
