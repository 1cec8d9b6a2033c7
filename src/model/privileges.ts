import type { Rung } from "./rung.js";

/** What tcptop can make use of, of the capabilities that the kernel knows (capabilities(7)). */
export type Capability =
  | "CAP_BPF"
  | "CAP_PERFMON"
  | "CAP_NET_ADMIN"
  | "CAP_SYS_ADMIN"
  | "CAP_SYS_PTRACE"
  | "CAP_DAC_READ_SEARCH";

export interface CapabilityUse {
  readonly capability: Capability;
  /** What it is for. */
  readonly purpose: string;
  /** What is lost without it. */
  readonly without: string;
  /** What tcptop says at its start where the rung is had without it; none where the loss shows otherwise. */
  readonly notice?: string;
}

const OLDER_SOCKETS_ARE_MISSING =
  "in other network namespaces, sockets that are older than tcptop and held by no process are missing";

/** What tcptop says where setns(2) is refused in spite of the capability for it. */
export const SETNS_REFUSED = `a security policy of this host refuses setns(2): ${OLDER_SOCKETS_ARE_MISSING}`;

const PROCESSES: readonly CapabilityUse[] = [
  {
    capability: "CAP_SYS_PTRACE",
    purpose: "to see the namespaces of other processes, and, where /proc hides them, the processes",
    without:
      "network namespaces without a name in /run/netns are neither named nor entered; with hidepid, processes are unknown",
    notice:
      "without CAP_SYS_PTRACE: network namespaces without a name in /run/netns are neither named nor entered",
  },
  {
    capability: "CAP_DAC_READ_SEARCH",
    purpose: "to read tcptop's own files wherever they are installed",
    without: "tcptop does not start from a folder that root itself may not read",
  },
];

const OTHERS_DESCRIPTORS: CapabilityUse = {
  capability: "CAP_DAC_READ_SEARCH",
  purpose:
    "to list the descriptors of other users' processes, and to read tcptop's own files wherever they are installed",
  without: "processes of other users are unknown as owners",
  notice: "without CAP_DAC_READ_SEARCH: processes of other users are unknown as owners",
};

const OWNERS: readonly CapabilityUse[] = [
  {
    capability: "CAP_SYS_PTRACE",
    purpose: "to see which sockets other processes hold (/proc/PID/fd), and in which namespaces they are",
    without: "only one's own processes are known as owners, and only their network namespaces",
  },
  {
    capability: "CAP_DAC_READ_SEARCH",
    purpose:
      "to list the descriptors of other users' processes, and to read tcptop's own files wherever they are installed",
    without: "processes of other users are unknown as owners",
  },
];

const EBPF: readonly CapabilityUse[] = [
  {
    capability: "CAP_BPF",
    purpose: "to load programs and make maps",
    without: "no rung with eBPF, unless there is CAP_SYS_ADMIN",
  },
  {
    capability: "CAP_PERFMON",
    purpose: "to attach programs that read the kernel's sockets",
    without: "no rung with eBPF, unless there is CAP_SYS_ADMIN",
  },
  {
    capability: "CAP_NET_ADMIN",
    purpose: "to attach the cgroup hooks that tell the peers of UDP",
    without: "UDP sockets have no bytes and no peers, unless there is CAP_SYS_ADMIN",
  },
  {
    capability: "CAP_SYS_ADMIN",
    purpose: "to enter other network namespaces, and to mount cgroup v2 for a moment where it is not mounted",
    without: `${OLDER_SOCKETS_ARE_MISSING}; without cgroup v2 mounted, UDP is not counted`,
    notice: `without CAP_SYS_ADMIN: ${OLDER_SOCKETS_ARE_MISSING}`,
  },
  ...PROCESSES,
];

const KPROBE: readonly CapabilityUse[] = [
  ...EBPF.filter(({ capability }) => capability === "CAP_BPF" || capability === "CAP_PERFMON"),
  {
    capability: "CAP_NET_ADMIN",
    purpose: "to attach the cgroup programs that have the kernel number each new socket",
    without: "another rung instead, unless there is CAP_SYS_ADMIN",
  },
  {
    capability: "CAP_SYS_ADMIN",
    purpose:
      "to enter other network namespaces, and to mount cgroup v2 and tracefs for a moment where they are not mounted",
    without: `${OLDER_SOCKETS_ARE_MISSING}; without tracefs, of UDP sends that wait for room at once only as many as there are CPUs are counted, and the others said to be missed`,
    notice: `without CAP_SYS_ADMIN: ${OLDER_SOCKETS_ARE_MISSING}`,
  },
  ...PROCESSES,
];

const ONLY_OWN_PROCESSES =
  "processes that have what tcptop has not are unknown as owners, and network namespaces without a name in /run/netns are not entered";

const NETLINK: readonly CapabilityUse[] = [
  {
    capability: "CAP_NET_ADMIN",
    purpose: "to have a buffer for closed connections that is larger than the host's limit",
    without: "of more than some hundred connections that close at once, some close without final counters",
  },
  {
    capability: "CAP_SYS_ADMIN",
    purpose: "to enter other network namespaces",
    without: "the rung user instead: only the network namespace in which tcptop runs",
  },
  {
    capability: "CAP_SYS_PTRACE",
    purpose:
      "to find network namespaces through their processes, and which sockets other processes hold (/proc/PID/fd)",
    without: ONLY_OWN_PROCESSES,
    notice: `without CAP_SYS_PTRACE: ${ONLY_OWN_PROCESSES}`,
  },
  OTHERS_DESCRIPTORS,
];

/** What each rung makes use of. Whatever else tcptop has been given, it gives away at its start. */
export const RUNG_CAPABILITIES: Readonly<Record<Rung, readonly CapabilityUse[]>> = {
  fentry: EBPF,
  tracepoint: EBPF,
  kprobe: KPROBE,
  netlink: NETLINK,
  user: OWNERS,
  proc: OWNERS,
};

const CLOSES_CONNECTIONS: CapabilityUse = {
  capability: "CAP_NET_ADMIN",
  purpose: "to have the kernel close a connection",
  without: "the key K closes nothing",
};

const CLOSES_ELSEWHERE: CapabilityUse = {
  capability: "CAP_SYS_ADMIN",
  purpose: "to enter the network namespace of a connection that is to be closed",
  without: "the key K closes only what is in the network namespace in which tcptop runs",
};

/** What the key K makes use of, where `--allow-kill` was given. The rung user shows no other network namespaces. */
export const KILL_CAPABILITIES: Readonly<Record<Rung, readonly CapabilityUse[]>> = {
  fentry: [CLOSES_CONNECTIONS, CLOSES_ELSEWHERE],
  tracepoint: [CLOSES_CONNECTIONS, CLOSES_ELSEWHERE],
  kprobe: [CLOSES_CONNECTIONS, CLOSES_ELSEWHERE],
  netlink: [CLOSES_CONNECTIONS, CLOSES_ELSEWHERE],
  user: [CLOSES_CONNECTIONS],
  proc: [CLOSES_CONNECTIONS, CLOSES_ELSEWHERE],
};

/** Each once. */
export function capabilitiesOf(rung: Rung, allowKill = false): readonly Capability[] {
  const uses = allowKill ? [...RUNG_CAPABILITIES[rung], ...KILL_CAPABILITIES[rung]] : RUNG_CAPABILITIES[rung];
  return [...new Set(uses.map(({ capability }) => capability))];
}

/** What the automatic choice keeps until it is made: those of every rung, and of K, are among those of the rungs with eBPF. */
export const AUTOMATIC_CAPABILITIES: readonly Capability[] = EBPF.map(({ capability }) => capability);
