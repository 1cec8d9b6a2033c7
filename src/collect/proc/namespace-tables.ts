import {
  countSockets,
  readSocketTable,
  type SocketTableName,
  type SocketTableRow,
} from "../../linux/proc-net.js";
import { networkNamespaceOf } from "../../linux/proc-processes.js";

export interface NamespaceTables {
  /** Inode of the namespace. */
  readonly netns: number;
  /** Folders of processes that were in it a moment ago. */
  readonly processFolders: readonly string[];
  readonly tables: readonly SocketTableName[];
}

type TakeRows = (rows: readonly SocketTableRow[]) => void;

/**
 * Reads the tables of a namespace through its processes, gives the rows to `take` as they come, and tells whether all were
 * read to their ends: what is missing in tables that were not may well be there.
 */
export async function readNamespaceTables(namespace: NamespaceTables, take: TakeRows): Promise<boolean> {
  let isWhole = true;
  for (const table of namespace.tables) {
    if (!(await readThroughOneProcess(namespace, table, take))) isWhole = false;
  }
  return isWhole;
}

async function readThroughOneProcess(
  { netns, processFolders }: NamespaceTables,
  table: SocketTableName,
  take: TakeRows,
): Promise<boolean> {
  for (const folder of processFolders) {
    const outcome = await readTable(folder, netns, table, take);
    if (outcome !== "not here") return outcome === "whole";
  }
  return false;
}

/** An open table stays that of its namespace, whatever becomes of the process. */
async function readTable(
  folder: string,
  netns: number,
  table: SocketTableName,
  take: TakeRows,
): Promise<"whole" | "broken off" | "not here"> {
  // The process may have gone, or gone to another namespace, before this.
  const isHere = () => networkNamespaceOf(folder) === netns;
  if (countSockets(`${folder}/net`, table) === 0 && isHere()) return "whole";
  let isOpen = false;
  try {
    for await (const rows of readSocketTable(`${folder}/net/${table}`, table)) {
      isOpen ||= isHere();
      if (!isOpen) return "not here";
      take(rows);
    }
    return "whole";
  } catch (error) {
    if (isOpen) return "broken off";
    // While the process is there, it is the table that is not: a kernel without IPv6.
    return isMissingFile(error) && isHere() ? "whole" : "not here";
  }
}

function isMissingFile(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
