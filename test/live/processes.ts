import { existsSync, readdirSync, readFileSync } from "node:fs";

export function isRunning(pid: number): boolean {
  return existsSync(`/proc/${pid}`);
}

/** The processes that any of its threads started and that are still there; none when it is gone itself. */
export function childrenOf(pid: number): readonly number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
      readFileSync(`/proc/${pid}/task/${thread}/children`, "utf8").split(" ").filter(Boolean).map(Number),
    );
  } catch {
    return [];
  }
}
