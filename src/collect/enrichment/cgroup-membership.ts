import { type Placement, placementOf } from "./container-name.js";

export interface CgroupMembership {
  readonly path: string;
  readonly placement: Placement | null;
}

const DELETED = " (deleted)";

/**
 * Where a process is, from its /proc/<pid>/cgroup: one line for each hierarchy of cgroup v1, one for v2, and both on hybrid
 * hosts, where any of them may be the one that tells. A path that names a container comes first; then v2's and
 * systemd's own hierarchy, then the controllers', in which a process that nobody has put anywhere is at the root.
 */
export function cgroupMembership(text: string): CgroupMembership | null {
  const found = pathsByTrust(text).map((path) => ({ path, placement: placementOf(path) }));
  const inContainer = found.find(({ placement }) => placement !== null && placement.network !== null);
  if (inContainer !== undefined) return inContainer;
  const somewhere = found.find(({ path }) => path !== "/") ?? found[0];
  if (somewhere === undefined) return null;
  const placed = found.find(({ placement }) => placement !== null);
  return { path: somewhere.path, placement: placed?.placement ?? null };
}

function pathsByTrust(text: string): readonly string[] {
  const lines = text.split("\n").flatMap(lineOf);
  return lines.sort((a, b) => a.rank - b.rank).map(({ path }) => path);
}

/** `<hierarchy>:<controllers>:<path>`; v2 is hierarchy 0, and a path can have colons. */
function lineOf(line: string): readonly { readonly rank: number; readonly path: string }[] {
  const [, hierarchy, controllers, path] = /^(\d+):([^:]*):(\/.*)$/.exec(line) ?? [];
  if (hierarchy === undefined || path === undefined) return [];
  return [{ rank: rankOf(hierarchy, controllers ?? ""), path: withoutDeleted(path) }];
}

function rankOf(hierarchy: string, controllers: string): number {
  if (hierarchy === "0") return 0;
  return controllers === "name=systemd" ? 1 : 2;
}

function withoutDeleted(path: string): string {
  return path.endsWith(DELETED) ? path.slice(0, -DELETED.length) : path;
}
