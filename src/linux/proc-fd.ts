import { type Dir, opendirSync, readlinkSync } from "node:fs";

import type { Pace } from "./proc-pace.js";
import { readComm } from "./proc-processes.js";

/** A process that has a socket open. */
export interface SocketHolder {
  readonly inode: number;
  readonly pid: number;
  /** The process's name; empty when it ended before that was read. */
  readonly comm: string;
}

export interface HolderWalk {
  readonly procFolder: string;
  readonly pids: readonly number[];
  /** Which sockets are looked for: most hosts have more of other kinds. */
  readonly isWanted: (inode: number) => boolean;
  readonly pace: Pace;
  /** Ends the walk early. */
  readonly signal: AbortSignal;
}

/** Descriptors read from a folder at once. */
const BUFFER_ENTRIES = 512;
const SOCKET_PREFIX = "socket:[";

/**
 * Who holds which of the wanted sockets, each process once per socket. What ends while it is looked at, and what is another
 * user's, is passed over.
 */
export async function walkSocketHolders(walk: HolderWalk): Promise<readonly SocketHolder[]> {
  const holders: SocketHolder[] = [];
  for (const pid of walk.pids) {
    if (walk.pace.isOver()) await walk.pace.rest();
    if (walk.signal.aborted) break;
    const inodes = await heldSockets(walk, pid);
    if (inodes.size === 0) continue;
    const comm = readComm(walk.procFolder, pid);
    for (const inode of inodes) holders.push({ inode, pid, comm });
  }
  return holders;
}

const NONE: ReadonlySet<number> = new Set();

async function heldSockets(walk: HolderWalk, pid: number): Promise<ReadonlySet<number>> {
  const path = `${walk.procFolder}/${pid}/fd`;
  const folder = open(path);
  if (folder === null) return NONE;
  const inodes = new Set<number>();
  try {
    for (let name = nextName(folder); name !== null; name = nextName(folder)) {
      const inode = socketInode(`${path}/${name}`);
      if (inode !== null && walk.isWanted(inode)) inodes.add(inode);
      if (walk.pace.isOver()) await walk.pace.rest();
      if (walk.signal.aborted) break;
    }
  } finally {
    folder.closeSync();
  }
  return inodes;
}

/** Null when the process has ended, or is another user's. */
function open(path: string): Dir | null {
  try {
    return opendirSync(path, { bufferSize: BUFFER_ENTRIES });
  } catch {
    return null;
  }
}

/** Null at the end, and when the process has ended meanwhile. */
function nextName(folder: Dir): string | null {
  try {
    return folder.readSync()?.name ?? null;
  } catch {
    return null;
  }
}

/** The inode of the socket behind a descriptor; null for other files, and for what has just been closed. */
function socketInode(path: string): number | null {
  try {
    const target = readlinkSync(path);
    return target.startsWith(SOCKET_PREFIX) ? Number.parseInt(target.slice(SOCKET_PREFIX.length), 10) : null;
  } catch {
    return null;
  }
}
