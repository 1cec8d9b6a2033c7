/** The ways to collect, from the one that is tried first to the last resort. */
export const RUNGS = ["fentry", "tracepoint", "kprobe", "netlink", "user", "proc"] as const;

export type Rung = (typeof RUNGS)[number];
