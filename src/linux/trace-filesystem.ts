import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Where the kernel's trace events are, where somebody has mounted them; debugfs has them too. */
const USUAL_PLACES = ["/sys/kernel/tracing", "/sys/kernel/debug/tracing"];

/**
 * Runs `action` with the folder of trace events, mounted for the time of it where it is not. What it opens there stays open.
 * @throws when it can't be mounted.
 */
export function withTraceFilesystem<Result>(action: (folder: string) => Result): Result {
  const mounted = USUAL_PLACES.find((place) => existsSync(join(place, "kprobe_events")));
  return mounted === undefined ? withMounted(action) : action(mounted);
}

function withMounted<Result>(action: (folder: string) => Result): Result {
  const folder = mkdtempSync(join(tmpdir(), "tcptop-tracing-"));
  try {
    execFileSync("mount", ["-t", "tracefs", "none", folder], { stdio: "pipe" });
    try {
      return action(folder);
    } finally {
      // Lazily: what was opened there is still in use.
      execFileSync("umount", ["-l", folder], { stdio: "pipe" });
    }
  } finally {
    rmdirSync(folder);
  }
}
