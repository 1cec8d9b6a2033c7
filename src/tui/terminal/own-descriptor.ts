import { constants, openSync } from "node:fs";

const { O_NONBLOCK, O_NOCTTY } = constants;

/**
 * Opens the terminal of a descriptor once more, not blocking: on a duplicate that would make the shell's not blocking, too.
 * `access` is O_RDONLY or O_WRONLY. Null where it is not allowed: another user's terminal, after `su`, and not the one that
 * controls this process.
 */
export function openAnew(descriptor: number, access: number): number | null {
  for (const path of [`/proc/self/fd/${descriptor}`, "/dev/tty"]) {
    try {
      return openSync(path, access | O_NONBLOCK | O_NOCTTY);
    } catch {
      // The next, or none.
    }
  }
  return null;
}

/** Whether a call failed only because nothing can be read or written now. */
export function isNotNow(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "EAGAIN" || error.code === "EINTR");
}

/** Waits, and lets nothing else happen. */
export function pause(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
