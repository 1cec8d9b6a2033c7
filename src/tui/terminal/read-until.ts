import { closeSync, constants, readSync } from "node:fs";
import { isNotNow, openAnew, pause } from "./own-descriptor.js";

const RETRY_MS = 5;
const CHUNK_BYTES = 1024;

/** Reads a terminal before it returns, until `take` has had enough, for at most `withinMs`. */
export function readUntil(
  terminal: number,
  take: (chunk: Uint8Array) => "enough" | "more",
  withinMs: number,
): void {
  const descriptor = openAnew(terminal, constants.O_RDONLY);
  if (descriptor === null) return;
  const chunk = new Uint8Array(CHUNK_BYTES);
  const deadlineMs = performance.now() + withinMs;
  try {
    while (performance.now() < deadlineMs) {
      const count = readSome(descriptor, chunk);
      if (count === null) pause(RETRY_MS);
      else if (count === 0 || take(chunk.subarray(0, count)) === "enough") return;
    }
  } catch {
    // A terminal that is gone has nothing to say.
  } finally {
    closeSync(descriptor);
  }
}

/** How many bytes there were, 0 at the end of all; null when there are none yet. */
function readSome(descriptor: number, chunk: Uint8Array): number | null {
  try {
    return readSync(descriptor, chunk);
  } catch (error) {
    if (isNotNow(error)) return null;
    throw error;
  }
}
