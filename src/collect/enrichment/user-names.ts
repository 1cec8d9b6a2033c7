import { readFile, stat } from "node:fs/promises";

const PASSWD = "/etc/passwd";
const LOOK_AGAIN_MS = 1000;

/** Users of this host by number, from /etc/passwd: read once, and again when it has changed. */
export class UserNames {
  readonly #path: string;
  #names: ReadonlyMap<number, string> = new Map();
  #changedMs: number | null = null;
  #lookedMs = Number.NEGATIVE_INFINITY;
  #looking: Promise<void> = Promise.resolve();

  constructor(path: string = PASSWD) {
    this.#path = path;
  }

  /** Resolves when the names are up to date; looks at the file at most once a second. */
  refresh(nowMs: number): Promise<void> {
    if (nowMs - this.#lookedMs >= LOOK_AGAIN_MS) {
      this.#lookedMs = nowMs;
      this.#looking = this.#look();
    }
    return this.#looking;
  }

  /** The user's name, else the number: of users that a directory service has, or a container. */
  nameOf(uid: number): string {
    return this.#names.get(uid) ?? uid.toString();
  }

  async #look(): Promise<void> {
    try {
      const { mtimeMs } = await stat(this.#path);
      if (mtimeMs === this.#changedMs) return;
      this.#names = parsePasswd(await readFile(this.#path, "utf8"));
      this.#changedMs = mtimeMs;
    } catch {
      // Not there or not ours to read: numbers will do.
    }
  }
}

/** Names by number, as getpwuid() finds them: of several with one number, the first. */
export function parsePasswd(text: string): ReadonlyMap<number, string> {
  const names = new Map<number, string>();
  for (const line of text.split("\n")) {
    const [name = "", , uid = ""] = line.split(":");
    if (name === "" || !/^\d+$/.test(uid) || names.has(Number(uid))) continue;
    names.set(Number(uid), name);
  }
  return names;
}
