import type { Remedy } from "../../model/error.js";
import type { CapabilityUse } from "../../model/privileges.js";
import type { Rung } from "../../model/rung.js";

/** What `tcptop doctor` found out about a rung. */
export interface RungFinding {
  readonly rung: Rung;
  /** It was opened and closed again. */
  readonly works: boolean;
  /** What it does not show; empty where it shows all. */
  readonly lacks: string;
  /** What this host does not let it show, in a line each: tcptop says these at its start. */
  readonly limits: readonly string[];
  /** Why it does not work, or, for one that works but lacks something, why it does not work better. */
  readonly reason: string | null;
  readonly mend: string | null;
  readonly remedy: Remedy | null;
}

export interface NamespaceFinding {
  readonly kind: string;
  readonly inode: number | null;
  readonly isInitial: boolean | null;
}

/** A capability that some rung makes use of. */
export interface CapabilityFinding extends CapabilityUse {
  readonly isHeld: boolean;
}

/** All that decides how tcptop can collect here. */
export interface DoctorReport {
  readonly version: string;
  readonly host: string;
  readonly kernel: string;
  readonly architecture: string;
  /** null where it is not on this host: then the mend says how to have it. */
  readonly libbpf: { readonly version: string; readonly path: string | null } | null;
  readonly libbpfMend: string | null;
  readonly hasKernelBtf: boolean;
  readonly lockdown: string | null;
  readonly unprivilegedBpfDisabled: number | null;
  readonly perfEventParanoid: number | null;
  /** null where cgroup v2 is not mounted. */
  readonly cgroupMount: string | null;
  readonly namespaces: readonly NamespaceFinding[];
  /** All that this process holds, whether of use or not. */
  readonly capabilitiesHeld: readonly string[];
  readonly capabilities: readonly CapabilityFinding[];
  readonly rungs: readonly RungFinding[];
  /** What tcptop takes without `--rung`; null where nothing works. */
  readonly taken: Rung | null;
}
