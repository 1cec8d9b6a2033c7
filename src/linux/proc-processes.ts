import { readFileSync, readlinkSync } from "node:fs";
import { readdir } from "node:fs/promises";

import { harmless } from "../model/text.js";
import type { Pace } from "./proc-pace.js";

/** The processes that this one may see (hidepid hides others), by number; none where there is no such folder. */
export async function listProcesses(procFolder: string): Promise<readonly number[]> {
  try {
    const names = await readdir(procFolder);
    return names.filter((name) => /^\d+$/.test(name)).map(Number);
  } catch {
    return [];
  }
}

/** A process's name (that of its first thread), free of control characters; empty when it has ended. */
export function readComm(procFolder: string, pid: number): string {
  try {
    return harmless(readFileSync(`${procFolder}/${pid}/comm`, "utf8").replace(/\n$/, ""));
  } catch {
    return "";
  }
}

/** One of a namespace's processes may end at any moment. */
const FOLDERS_PER_NAMESPACE = 8;

/**
 * The network namespaces that have a process, by inode, each with the folders of a few of its processes, through any of which
 * its tables can be read. Whose namespace is not ours to see (another user's process) is left out.
 */
export async function findNamespacesOfProcesses(
  procFolder: string,
  pids: readonly number[],
  pace: Pace,
): Promise<ReadonlyMap<number, readonly string[]>> {
  const found = new Map<number, string[]>();
  for (const name of ["self", ...pids]) {
    const folder = `${procFolder}/${name}`;
    const inode = networkNamespaceOf(folder);
    if (inode !== null) note(found, inode, folder);
    if (pace.isOver()) await pace.rest();
  }
  return found;
}

function note(found: Map<number, string[]>, inode: number, folder: string): void {
  const folders = found.get(inode);
  if (folders === undefined) found.set(inode, [folder]);
  else if (folders.length < FOLDERS_PER_NAMESPACE) folders.push(folder);
}

/** Inode of a process's network namespace; null when it has ended, or is not ours to see. */
export function networkNamespaceOf(processFolder: string): number | null {
  try {
    const inode = /^net:\[(\d+)\]$/.exec(readlinkSync(`${processFolder}/ns/net`))?.[1];
    return inode === undefined ? null : Number(inode);
  } catch {
    return null;
  }
}
