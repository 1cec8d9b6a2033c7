// What this process may do (capabilities(7)), as /proc tells it: no native code, so that asking costs next to nothing.
import { readFileSync } from "node:fs";

/** In the order of their numbers (include/uapi/linux/capability.h), as far as 5.9. */
const NAMES = [
  ...["CHOWN", "DAC_OVERRIDE", "DAC_READ_SEARCH", "FOWNER", "FSETID", "KILL", "SETGID", "SETUID", "SETPCAP"],
  ...[
    "LINUX_IMMUTABLE",
    "NET_BIND_SERVICE",
    "NET_BROADCAST",
    "NET_ADMIN",
    "NET_RAW",
    "IPC_LOCK",
    "IPC_OWNER",
  ],
  ...[
    "SYS_MODULE",
    "SYS_RAWIO",
    "SYS_CHROOT",
    "SYS_PTRACE",
    "SYS_PACCT",
    "SYS_ADMIN",
    "SYS_BOOT",
    "SYS_NICE",
  ],
  ...[
    "SYS_RESOURCE",
    "SYS_TIME",
    "SYS_TTY_CONFIG",
    "MKNOD",
    "LEASE",
    "AUDIT_WRITE",
    "AUDIT_CONTROL",
    "SETFCAP",
  ],
  ...["MAC_OVERRIDE", "MAC_ADMIN", "SYSLOG", "WAKE_ALARM", "BLOCK_SUSPEND", "AUDIT_READ", "PERFMON", "BPF"],
  "CHECKPOINT_RESTORE",
].map((name) => `CAP_${name}`);

/** A set of capabilities, one bit each. */
export type CapabilitySet = bigint;

/** Of one thread; in Node they are those of all threads until one changes its own. */
export interface Privileges {
  readonly inheritable: CapabilitySet;
  readonly permitted: CapabilitySet;
  readonly effective: CapabilitySet;
  readonly bounding: CapabilitySet;
  readonly ambient: CapabilitySet;
  readonly hasNoNewPrivileges: boolean;
}

/** @throws TypeError where this is no status of a process (proc_pid_status(5)). */
export function readPrivileges(status: string = readFileSync("/proc/self/status", "utf8")): Privileges {
  const field = (name: string): string => {
    const value = new RegExp(`^${name}:\\s*([0-9a-f]+)$`, "m").exec(status)?.[1];
    if (value === undefined) throw new TypeError(`/proc/self/status has no ${name}`);
    return value;
  };
  const set = (name: string) => BigInt(`0x${field(name)}`);
  return {
    inheritable: set("CapInh"),
    permitted: set("CapPrm"),
    effective: set("CapEff"),
    bounding: set("CapBnd"),
    ambient: set("CapAmb"),
    hasNoNewPrivileges: field("NoNewPrivs") === "1",
  };
}

export function setOf(names: readonly string[]): CapabilitySet {
  return names.reduce((set, name) => set | (1n << BigInt(numberOf(name))), 0n);
}

export function has(set: CapabilitySet, name: string): boolean {
  return (set & setOf([name])) !== 0n;
}

/** By name; one that is newer than this list is named by its number. */
export function namesOf(set: CapabilitySet): readonly string[] {
  return numbersOf(set).map((number) => NAMES[number] ?? `CAP_${number}`);
}

export function numbersOf(set: CapabilitySet): readonly number[] {
  const bits = set.toString(2);
  return [...bits].flatMap((bit, at) => (bit === "1" ? [bits.length - 1 - at] : [])).reverse();
}

function numberOf(name: string): number {
  const number = NAMES.indexOf(name);
  if (number < 0) throw new TypeError(`${name} is no capability`);
  return number;
}
