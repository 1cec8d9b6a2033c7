import { readdirSync, statSync } from "node:fs";

/** Where `ip netns` binds the namespaces that it names. */
const FOLDER = "/run/netns";

/**
 * `ip netns add` makes the file first and binds the namespace to it a moment later, which leaves the folder's time as it
 * is; and on older kernels that time stands still for up to 10 ms. So what changed lately is read again.
 */
const SETTLED_MS = 1000;

/** The names that `ip netns` gave, by the namespace's inode: asking costs one stat() while no name comes or goes. */
export class NamedNamespaces {
  readonly #folder: string;
  #names: ReadonlyMap<number, string> = new Map();
  #readAtChangeMs: number | null = null;
  #isSettled = false;

  constructor(folder: string = FOLDER) {
    this.#folder = folder;
  }

  /** Where a namespace can be entered by the name that was last seen; null where it has none. */
  pathOf(netns: number): string | null {
    const name = this.#names.get(netns);
    return name === undefined ? null : `${this.#folder}/${name}`;
  }

  /** Of a namespace with several names, the first in the order of letters. The same map while nothing changes. */
  names(nowMs: number): ReadonlyMap<number, string> {
    const changedMs = statOrNull(this.#folder)?.mtimeMs ?? null;
    if (changedMs === this.#readAtChangeMs && this.#isSettled) return this.#names;
    this.#readAtChangeMs = changedMs;
    this.#isSettled = changedMs === null || nowMs - changedMs > SETTLED_MS;
    const names = changedMs === null ? new Map<number, string>() : readNames(this.#folder);
    if (!sameEntries(names, this.#names)) this.#names = names;
    return this.#names;
  }
}

function readNames(folder: string): ReadonlyMap<number, string> {
  const names = new Map<number, string>();
  // Files without a namespace bound to them (left behind, or not bound yet) are in the folder's own file system.
  const device = statOrNull("/proc/self/ns/net")?.dev;
  for (const name of namesIn(folder)) {
    const file = statOrNull(`${folder}/${name}`);
    if (file !== null && file.dev === device && !names.has(file.ino)) names.set(file.ino, name);
  }
  return names;
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

function statOrNull(
  path: string,
): { readonly dev: number; readonly ino: number; readonly mtimeMs: number } | null {
  try {
    return statSync(path);
  } catch {
    return null;
  }
}

function sameEntries(a: ReadonlyMap<number, string>, b: ReadonlyMap<number, string>): boolean {
  if (a.size !== b.size) return false;
  for (const [key, value] of a) if (b.get(key) !== value) return false;
  return true;
}
