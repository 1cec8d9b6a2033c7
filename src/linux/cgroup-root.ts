import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, readlinkSync, rmdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * Where the cgroup v2 hierarchy is mounted, from /proc/self/mountinfo (proc(5)): in a hybrid set-up it is not
 * /sys/fs/cgroup. Null where it is not.
 */
export function findCgroupRoot(
  mountinfo: string = readFileSync("/proc/self/mountinfo", "utf8"),
): string | null {
  for (const line of mountinfo.split("\n")) {
    // "36 35 98:0 /root /mount/point options - type source options": optional fields stand before the dash.
    const [mount = "", details = ""] = line.split(" - ");
    const [, , , root, mountPoint] = mount.split(" ");
    if (details.startsWith("cgroup2 ") && root === "/" && mountPoint !== undefined)
      return unescapeOctal(mountPoint);
  }
  return null;
}

/** mountinfo writes blanks, tabs, line ends and backslashes as three octal digits. */
function unescapeOctal(path: string): string {
  return path.replace(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
}

/** Mounts the hierarchy in a folder of its own for the time of `action`. */
export function withCgroupRootMounted<Result>(action: (root: string) => Result): Result {
  const folder = mkdtempSync(join(tmpdir(), "tcptop-cgroup-"));
  try {
    execFileSync("mount", ["-t", "cgroup2", "none", folder], { stdio: "pipe" });
    try {
      return action(folder);
    } finally {
      execFileSync("umount", [folder], { stdio: "pipe" });
    }
  } finally {
    rmdirSync(folder);
  }
}

/** PROC_CGROUP_INIT_INO (include/linux/proc_ns.h): the inode of the namespace that the host starts with. */
const INITIAL_CGROUP_NAMESPACE = "cgroup:[4026531835]";

/** Whether the hierarchy that this process sees is only a part of the host's. */
export function isInCgroupNamespace(): boolean {
  return readlinkSync("/proc/self/ns/cgroup") !== INITIAL_CGROUP_NAMESPACE;
}
