// Capabilities and no_new_privs belong to threads, and Node has ten others: a process gives them away for good only when it
// does so in one thread and then executes itself anew, which ends all other threads.
import koffi from "koffi";

import { type CapabilitySet, numbersOf, readPrivileges } from "./capabilities.js";
import { SystemCallError } from "./libc.js";

const libc = koffi.load(null);
const prctlCall = libc.func(
  "int prctl(int option, unsigned long arg2, unsigned long arg3, unsigned long arg4, unsigned long arg5)",
) as (...args: readonly number[]) => number;
const capsetCall = libc.func("int capset(const void *header, const void *data)") as (
  header: Uint8Array,
  data: Uint8Array,
) => number;
const setrlimitCall = libc.func("int setrlimit(int resource, const void *limit)") as (
  resource: number,
  limit: Uint8Array,
) => number;
const fcntlCall = libc.func("int fcntl(int fd, int command, long argument)") as (
  ...args: readonly number[]
) => number;
const execvCall = libc.func("int execv(const char *path, const char **argv)") as (
  path: string,
  argv: readonly (string | null)[],
) => number;

/** include/uapi/linux/prctl.h */
const PR_CAPBSET_DROP = 24;
const PR_SET_NO_NEW_PRIVS = 38;
const PR_CAP_AMBIENT = 47;
const PR_CAP_AMBIENT_RAISE = 2;
const PR_CAP_AMBIENT_CLEAR_ALL = 4;
/** _LINUX_CAPABILITY_VERSION_3: two words for each set. */
const CAPABILITY_VERSION = 0x20080522;
const RLIMIT_MEMLOCK = 8;

const F_SETFD = 2;

const EPERM = 1;

/** From here on no program that this thread starts has more privileges than this process. */
export function forgoNewPrivileges(): void {
  if (prctlCall(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) !== 0) throw failure("prctl(PR_SET_NO_NEW_PRIVS)");
}

/** Leaves this thread, and what it executes, these capabilities at most. */
export function reduceTo(keep: CapabilitySet): void {
  // Before 5.11 the kernel held maps against this limit; to raise it later would need CAP_SYS_RESOURCE.
  setrlimitCall(RLIMIT_MEMLOCK, new Uint8Array(new BigUint64Array([-1n, -1n]).buffer));
  const { permitted, bounding } = readPrivileges();
  const kept = permitted & keep;
  // First, for as long as there is CAP_SETPCAP; without it the set stays as it is, and no_new_privs makes it void.
  for (const number of numbersOf(bounding & ~keep)) {
    if (prctlCall(PR_CAPBSET_DROP, number, 0, 0, 0) === 0) continue;
    if (koffi.errno() === EPERM) break;
    throw failure("prctl(PR_CAPBSET_DROP)");
  }
  setCapabilities(kept);
  // Without them, whoever is not root would lose all in execve().
  prctlCall(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
  for (const number of numbersOf(kept)) prctlCall(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, number, 0, 0);
  forgoNewPrivileges();
}

/** The same program with the same arguments in the same process; returns only by throwing. */
export function executeAnew(): never {
  // Node marks all descriptors that it inherits to be closed in execve(), these three too.
  for (const fd of [0, 1, 2]) fcntlCall(fd, F_SETFD, 0);
  const argv = [process.argv0, ...process.execArgv, ...process.argv.slice(1), null];
  execvCall(process.execPath, argv);
  throw failure(`execv(${process.execPath})`);
}

function setCapabilities(set: CapabilitySet): void {
  const words = [Number(set & 0xffff_ffffn), Number(set >> 32n)];
  const header = new Uint8Array(new Uint32Array([CAPABILITY_VERSION, 0]).buffer);
  // Effective, permitted, inheritable; then the same for those from 32 on.
  const data = new Uint8Array(new Uint32Array(words.flatMap((word) => [word, word, word])).buffer);
  if (capsetCall(header, data) !== 0) throw failure("capset");
}

function failure(call: string): SystemCallError {
  return new SystemCallError(call, koffi.errno());
}
