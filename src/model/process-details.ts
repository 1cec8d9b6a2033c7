/**
 * What is known of one process beside its pid and its name. Unknown is null. A new object whenever something in it
 * changes, the same object while nothing does.
 */
export interface ProcessDetails {
  /** When it started, in ns since boot, to 10 ms and never too late: with the pid, which can be used again, its identity. */
  readonly startedNs: number;
  /** Its arguments joined by spaces, cut at 4 KiB; null for kernel threads and for what has ended. */
  readonly cmdline: string | null;
  /** Whom it runs as: the name on this host, else the number. */
  readonly user: string | null;
  /** Path of its cgroup, as its hierarchy's mount has it. */
  readonly cgroup: string | null;
  /** Container, pod or unit that its cgroup belongs to. */
  readonly container: string | null;
}
