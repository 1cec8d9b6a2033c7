/** The ways to collect, from the one that is tried first to the last resort. */
export const RUNGS = ["tracepoint", "fentry", "kprobe", "netlink", "user", "proc"] as const;

export type Rung = (typeof RUNGS)[number];
