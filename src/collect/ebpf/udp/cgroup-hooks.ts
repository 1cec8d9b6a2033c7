import { closeSync, openSync } from "node:fs";
import type { BpfObject } from "../../../linux/bpf-object.js";
import { findCgroupRoot, withCgroupRootMounted } from "../../../linux/cgroup-root.js";

/** Attaches programs to the root of the cgroup v2 hierarchy, mounted for as long as that takes where it is not. */
export function attachToAllCgroups(object: BpfObject, programs: readonly string[]): void {
  const root = findCgroupRoot();
  if (root === null) withCgroupRootMounted((mounted) => attachAt(object, programs, mounted));
  else attachAt(object, programs, root);
}

function attachAt(object: BpfObject, programs: readonly string[], path: string): void {
  // The links keep the cgroup; the descriptor has done its service once they are made.
  const fd = openSync(path, "r");
  try {
    for (const program of programs) object.attachToCgroup(program, fd);
  } finally {
    closeSync(fd);
  }
}
