import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, readlinkSync, rmdirSync, statfsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { TcptopError } from "../model/error.js";

/** CGROUP2_SUPER_MAGIC (include/uapi/linux/magic.h). */
const CGROUP2 = 0x63677270;

/**
 * Where the cgroup v2 hierarchy is mounted, from /proc/self/mountinfo (proc(5)): in a hybrid set-up it is not
 * /sys/fs/cgroup. Null where it is not, or where another mount hides it, which mountinfo lists all the same.
 */
export function findCgroupRoot(
  mountinfo: string = readFileSync("/proc/self/mountinfo", "utf8"),
  isReachable: (path: string) => boolean = isCgroup2,
): string | null {
  for (const line of mountinfo.split("\n")) {
    // "36 35 98:0 /root /mount/point options - type source options": optional fields stand before the dash.
    const [mount = "", details = ""] = line.split(" - ");
    const [, , , root, mountPoint] = mount.split(" ");
    if (!details.startsWith("cgroup2 ") || root !== "/" || mountPoint === undefined) continue;
    const path = unescapeOctal(mountPoint);
    if (isReachable(path)) return path;
  }
  return null;
}

function isCgroup2(path: string): boolean {
  try {
    return statfsSync(path).type === CGROUP2;
  } catch {
    return false;
  }
}

/** mountinfo writes blanks, tabs, line ends and backslashes as three octal digits. */
function unescapeOctal(path: string): string {
  return path.replace(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
}

/**
 * Mounts the hierarchy in a folder of its own for the time of `action`.
 * @throws TcptopError `unavailable` where that is not allowed.
 */
export function withCgroupRootMounted<Result>(action: (root: string) => Result): Result {
  const folder = mkdtempSync(join(tmpdir(), "tcptop-cgroup-"));
  try {
    mountCgroup2(folder);
    try {
      return action(folder);
    } finally {
      execFileSync("umount", [folder], { stdio: "pipe" });
    }
  } finally {
    rmdirSync(folder);
  }
}

function mountCgroup2(folder: string): void {
  try {
    execFileSync("mount", ["-t", "cgroup2", "none", folder], { stdio: "pipe" });
  } catch (error) {
    const why = "cgroup v2 is not mounted, and this process may not mount it";
    const mend = "`mount -t cgroup2 none DIRECTORY`, or run tcptop as root";
    throw new TcptopError("unavailable", why, mend, { cause: error, remedy: "privilege" });
  }
}

/** PROC_CGROUP_INIT_INO (include/linux/proc_ns.h): the inode of the namespace that the host starts with. */
const INITIAL_CGROUP_NAMESPACE = "cgroup:[4026531835]";

/** Whether the hierarchy that this process sees is only a part of the host's. */
export function isInCgroupNamespace(): boolean {
  return readlinkSync("/proc/self/ns/cgroup") !== INITIAL_CGROUP_NAMESPACE;
}
