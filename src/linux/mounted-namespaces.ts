import { readFileSync } from "node:fs";

/** mountinfo: id, parent, device, root (here `net:[inode]`), mount point. */
const LINE = /^\d+ \d+ \S+ net:\[(\d+)\] (\S+) /gm;

/**
 * The network namespaces that something is mounted on, by inode, each with such a place: those of `ip netns`, and of container
 * runtimes that name theirs elsewhere. Only what our own mount namespace has.
 */
export function findMountedNamespaces(mountinfo = "/proc/self/mountinfo"): ReadonlyMap<number, string> {
  const found = new Map<number, string>();
  for (const [, inode, place = ""] of read(mountinfo).matchAll(LINE))
    found.set(Number(inode), unescaped(place));
  return found;
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

/** The kernel writes blanks and backslashes of a path in octal. */
function unescaped(path: string): string {
  return path.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}
