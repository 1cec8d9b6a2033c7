import { RUNGS, type Rung } from "../../src/model/rung.js";

// What there is to try, and what is expected of it: read by the runner, by the guests and by what writes docs/kernels.md.

/** Debian's kernels, by the version that test/kernels/fetch-kernel knows them by. */
export const KERNELS = ["5.10", "6.1", "6.12", "7"] as const;
export type Kernel = (typeof KERNELS)[number];

export const ARCHITECTURES = ["x86_64", "arm64"] as const;
export type Architecture = (typeof ARCHITECTURES)[number];

/** The modes of kernel lockdown to boot a kernel in, and what is run in it then, instead of the suites. */
export const LOCKDOWNS = ["integrity", "confidentiality"] as const;
export type Lockdown = (typeof LOCKDOWNS)[number];
export const LOCKED_DOWN_FILES = "lockdown";

/** What is asked of each rung on each kernel: the columns of docs/kernels.md. */
export const SUITES = ["loads", "exact-tcp", "exact-udp", "owners", "short-lived"] as const;
export type Suite = (typeof SUITES)[number];

/** A kernel on an architecture. */
export interface Host {
  readonly kernel: Kernel;
  readonly architecture: Architecture;
}

const BEFORE_5_12 = /socket storage for BPF tracing programs \(Linux 5\.11\)/;

/**
 * What `--rung NAME` must complain of, where a kernel lacks what the rung needs. Whatever is not here has to load and to
 * pass: that it does not is a failure.
 */
const REFUSALS: Readonly<Record<Kernel, Readonly<Partial<Record<Rung, RegExp>>>>> = {
  "5.10": { fentry: BEFORE_5_12, tracepoint: BEFORE_5_12 },
  "6.1": {},
  "6.12": {},
  "7": {},
};

/** null: the rung has to load there. */
export function refusalOf({ kernel }: Host, rung: Rung): RegExp | null {
  return REFUSALS[kernel][rung] ?? null;
}

/** The rungs that are tried on every kernel: all that there are. */
export const TRIED_RUNGS: readonly Rung[] = RUNGS;

type Files = Readonly<Record<Suite, readonly string[]>>;

const UNKNOWN_UDP_BYTES = ["test/kernels/unknown-udp-bytes.guest.ts"];

const SKIPPED_CALLS = ["test/kernels/skipped-calls.guest.ts"];

const EXACT: Files = {
  loads: ["test/kernels/starts.guest.ts"],
  "exact-tcp": ["test/live/tcp-exact.test.ts"],
  "exact-udp": ["test/live/udp-exact.test.ts"],
  owners: ["test/live/tcp-owners.test.ts"],
  "short-lived": ["test/kernels/lifetimes.guest.ts"],
};

const BY_NETLINK: Files = {
  ...EXACT,
  "exact-tcp": ["test/kernels/netlink-exact.guest.ts"],
  "exact-udp": UNKNOWN_UDP_BYTES,
  owners: ["test/kernels/holders.guest.ts"],
  "short-lived": ["test/kernels/netlink-short.guest.ts"],
};

const BY_PROC: Files = {
  ...BY_NETLINK,
  "exact-tcp": ["test/kernels/unknown-tcp-bytes.guest.ts"],
  "short-lived": ["test/kernels/unseen.guest.ts"],
};

const FUNCTION_COUNTS = "test/kernels/function-counts.guest.ts";

const FILES: Readonly<Record<Rung, Files>> = {
  // What single calls returned, too: these count them at the kernel's functions.
  fentry: { ...EXACT, "exact-tcp": [...EXACT["exact-tcp"], FUNCTION_COUNTS] },
  kprobe: {
    ...EXACT,
    loads: [...EXACT.loads, "test/kernels/return-probes.guest.ts"],
    "exact-tcp": [...EXACT["exact-tcp"], FUNCTION_COUNTS],
  },
  tracepoint: EXACT,
  netlink: BY_NETLINK,
  user: BY_NETLINK,
  proc: BY_PROC,
};

/** The test files of each suite, for a rung on a kernel. */
export function filesOf(host: Host, rung: Rung): Readonly<Partial<Files>> {
  if (refusalOf(host, rung) !== null) return { loads: ["test/kernels/refused.guest.ts"] };
  if (variesSettings(host, rung)) {
    return { ...FILES[rung], loads: [...FILES[rung].loads, "test/kernels/unprivileged-bpf.guest.ts"] };
  }
  if (!countsUdp(host, rung)) return { ...FILES[rung], "exact-udp": UNKNOWN_UDP_BYTES };
  return skipsCalls(host, rung) ? { ...FILES[rung], "exact-udp": SKIPPED_CALLS } : FILES[rung];
}

/** A setting that is the same for all kernels: once is enough. */
function variesSettings({ kernel }: Host, rung: Rung): boolean {
  return rung === "tracepoint" && kernel === "6.12";
}

/** Preemptible kernels skip programs at functions, and since Linux 7 each is preemptible (docs/accuracy.md). */
function skipsCalls({ kernel }: Host, rung: Rung): boolean {
  return rung === "fentry" && kernel === "7";
}

/** sock_send_length and sock_recv_length, which this rung counts UDP with, came with Linux 6.3. */
function countsUdp({ kernel }: Host, rung: Rung): boolean {
  return !(rung === "tracepoint" && kernel === "6.1");
}
