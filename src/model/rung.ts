/** The ways to collect, from the one that shows most to the one that shows least. */
export const RUNGS = ["fentry", "kprobe", "tracepoint", "netlink", "user", "proc"] as const;

export type Rung = (typeof RUNGS)[number];
