import { closeSync, fstatSync, openSync } from "node:fs";

const STANDARD_STREAMS = [0, 1, 2];

/**
 * Puts /dev/null in the place of the standard streams that were a terminal which has hung up. At the end of a process
 * Node.js sets the modes of its terminals back, and where that fails for another reason than EPERM (a hung-up one gives
 * EIO) it aborts with a core dump; what is not the file of its start it leaves alone (node::ResetStdio, seen with 20.20).
 */
export function forgetLostTerminal(terminal: number): void {
  const device = deviceOf(terminal);
  if (device === null) return;
  for (const stream of STANDARD_STREAMS) {
    if (deviceOf(stream) !== device) continue;
    closeSync(stream);
    // Takes the lowest number that is free: this one.
    openSync("/dev/null", "r+");
  }
}

/** The number of the device that a descriptor is open to; null for other files. */
function deviceOf(descriptor: number): number | null {
  try {
    const status = fstatSync(descriptor);
    return status.isCharacterDevice() ? status.rdev : null;
  } catch {
    return null;
  }
}
