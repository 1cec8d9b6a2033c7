import { statSync } from "node:fs";

/** PROC_PID_INIT_INO (include/linux/proc_ns.h): fixed since 3.8. */
const INITIAL = 0xeffffffc;

/**
 * Whether /proc has the processes by their numbers in the initial pid namespace, in which kernel programs tell them. In a
 * container it has not, unless the host's is mounted there: its process 1 is then that of the host.
 */
export function procShowsInitialPids(): boolean {
  return [`/proc/${process.pid}`, "/proc/1"].some((folder) => isInitial(`${folder}/ns/pid`));
}

function isInitial(path: string): boolean {
  try {
    return statSync(path).ino === INITIAL;
  } catch {
    return false;
  }
}
