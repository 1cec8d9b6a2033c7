import { closeSync, fstatSync, openSync } from "node:fs";
import { isatty } from "node:tty";

const STANDARD_STREAMS = [0, 1, 2];

/**
 * Puts /dev/null in the place of the standard streams that were a terminal which has hung up. At the end of a process
 * Node.js sets the modes of its terminals back, and where that fails for another reason than EPERM (a hung-up one gives
 * EIO) it crashes with a core dump; what is not the file of its start it leaves alone (node::ResetStdio, seen with 20.20).
 * To be called when the process ends, however it does.
 */
export function forgetLostTerminals(): void {
  for (const stream of STANDARD_STREAMS) {
    if (!isCharacterDevice(stream) || isatty(stream)) continue;
    closeSync(stream);
    // Takes the lowest number that is free: this one.
    openSync("/dev/null", "r+");
  }
}

/** A terminal that has hung up is still this, and does not say any more that it is a terminal. */
function isCharacterDevice(descriptor: number): boolean {
  try {
    return fstatSync(descriptor).isCharacterDevice();
  } catch {
    return false;
  }
}
