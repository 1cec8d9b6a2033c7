import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { PREEMPTION } from "./features.js";

const USUAL_PLACE = "/sys/kernel/debug";
/** Below debugfs, where PREEMPT_DYNAMIC lets the mode be chosen at boot: all modes, and the one in force in parentheses. */
const MODE = "sched/preempt";

/** Whether this kernel preempts a task that runs in it; null where it could, and does not tell whether it does. */
export function preemptsItself(): boolean | null {
  if (PREEMPTION.probe().kind === "no") return false;
  return isPreemptive(modeAt(USUAL_PLACE) ?? modeWithDebugfs());
}

/** "none (voluntary) full": whether the mode in force preempts; null where none is known. */
export function isPreemptive(modes: string | null): boolean | null {
  const mode = /\((\w+)\)/.exec(modes ?? "")?.[1];
  if (mode === undefined || mode === "undefined") return null;
  return mode !== "none" && mode !== "voluntary";
}

function modeAt(folder: string): string | null {
  try {
    return readFileSync(join(folder, MODE), "utf8");
  } catch {
    return null;
  }
}

/** With debugfs mounted for a moment; null where that is not allowed. */
function modeWithDebugfs(): string | null {
  try {
    const folder = mkdtempSync(join(tmpdir(), "tcptop-debug-"));
    try {
      return modeMountedAt(folder);
    } finally {
      rmdirSync(folder);
    }
  } catch {
    return null;
  }
}

function modeMountedAt(folder: string): string | null {
  execFileSync("mount", ["-t", "debugfs", "none", folder], { stdio: "pipe" });
  try {
    return modeAt(folder);
  } finally {
    execFileSync("umount", [folder], { stdio: "pipe" });
  }
}
