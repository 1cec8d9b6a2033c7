import { closeSync, fstatSync, openSync, read, readSync, statSync } from "node:fs";

/** What /proc says of one process, all of it of the same process. What may not be read is null. */
export interface ProcessFiles {
  /** Effective user. */
  readonly uid: number;
  readonly stat: string;
  /** At most 4 KiB. */
  readonly cmdline: Buffer | null;
  readonly cgroup: string | null;
  /** Inode of its network namespace. */
  readonly netns: number | null;
}

const CMDLINE_BYTES = 4096;
/** Thirteen hierarchies of cgroup v1 with paths of a kilobyte each. */
const BUFFER_BYTES = 16 * 1024;

/** Reads one process after another into one buffer. One call at a time. */
export class ProcessFileReader {
  readonly #buffer = Buffer.allocUnsafe(BUFFER_BYTES);

  /**
   * Null for a process that is gone or hidden from us (hidepid). What may have to wait is read on Node's thread pool: a command
   * line for the process's memory map, a cgroup for its tree. The rest of /proc waits for nothing.
   */
  async read(pid: number): Promise<ProcessFiles | null> {
    const folder = openOrNull(`/proc/${pid}`);
    if (folder === null) return null;
    try {
      return await this.#readFrom(folder);
    } finally {
      closeSync(folder);
    }
  }

  /** By way of the open folder: should the pid be used again meanwhile, that has nothing in it any more. */
  async #readFrom(folder: number): Promise<ProcessFiles | null> {
    const path = `/proc/self/fd/${folder}`;
    const uid = fstatSync(folder).uid;
    const stat = this.#stat(`${path}/stat`);
    if (stat === null) return null;
    return {
      uid,
      stat,
      cmdline: copyOf(await this.#contents(`${path}/cmdline`, CMDLINE_BYTES)),
      cgroup: (await this.#contents(`${path}/cgroup`, BUFFER_BYTES))?.toString("utf8") ?? null,
      netns: inodeOrNull(`${path}/ns/net`),
    };
  }

  #stat(path: string): string | null {
    const fd = openOrNull(path);
    if (fd === null) return null;
    try {
      return this.#buffer.toString("latin1", 0, readSync(fd, this.#buffer));
    } catch {
      // ESRCH: it ended just now.
      return null;
    } finally {
      closeSync(fd);
    }
  }

  /** The start of a file, valid until the next read; null when it can't be read. */
  async #contents(path: string, limit: number): Promise<Buffer | null> {
    const fd = openOrNull(path);
    if (fd === null) return null;
    try {
      const length = await new Promise<number | null>((resolve) => {
        read(fd, this.#buffer, 0, limit, null, (error, bytes) => resolve(error === null ? bytes : null));
      });
      return length === null ? null : this.#buffer.subarray(0, length);
    } finally {
      closeSync(fd);
    }
  }
}

function openOrNull(path: string): number | null {
  try {
    return openSync(path, "r");
  } catch {
    return null;
  }
}

function copyOf(bytes: Buffer | null): Buffer | null {
  return bytes === null ? null : Buffer.from(bytes);
}

function inodeOrNull(path: string): number | null {
  try {
    return statSync(path).ino;
  } catch {
    return null;
  }
}
