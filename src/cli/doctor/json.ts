import type { DoctorReport } from "./report.js";

/** One field of `tcptop doctor -o json`. */
export interface DoctorField {
  readonly name: string;
  /** For the documentation, which is made of these. */
  readonly doc: string;
  readonly value: (report: DoctorReport) => unknown;
}

export const DOCTOR_FIELDS: readonly DoctorField[] = [
  field("version", "Version of tcptop.", ({ version }) => version),
  field("host", "Name of the host.", ({ host }) => host),
  field("kernel", "Release of the running kernel, as `uname -r` has it.", ({ kernel }) => kernel),
  field(
    "architecture",
    "Of the processor, as `uname -m` has it: `x86_64`, `aarch64`.",
    ({ architecture }) => architecture,
  ),
  field(
    "libbpf",
    "An object with `version` and `path` (null where that can't be told); null where libbpf is not on this host.",
    ({ libbpf }) => libbpf,
  ),
  field(
    "libbpf_mend",
    "How to install libbpf, where it is missing; else null.",
    ({ libbpfMend }) => libbpfMend,
  ),
  field(
    "kernel_btf",
    "Whether the kernel describes its types (`/sys/kernel/btf/vmlinux`), which BPF programs are fitted to.",
    ({ hasKernelBtf }) => hasKernelBtf,
  ),
  field(
    "lockdown",
    "Mode of kernel lockdown: `none`, `integrity`, `confidentiality`; null where the kernel has none or does not tell.",
    ({ lockdown }) => lockdown,
  ),
  field(
    "unprivileged_bpf_disabled",
    "The setting `kernel.unprivileged_bpf_disabled`: 0 admits everybody to BPF, 1 and 2 privileged processes only; null where unknown.",
    ({ unprivilegedBpfDisabled }) => unprivilegedBpfDisabled,
  ),
  field(
    "perf_event_paranoid",
    "The setting `kernel.perf_event_paranoid`: the higher, the less of perf events unprivileged processes may use; null where unknown.",
    ({ perfEventParanoid }) => perfEventParanoid,
  ),
  field(
    "cgroup_mount",
    "Where cgroup v2 is mounted from its root; null where it is not (tcptop then mounts it for a moment, if it may).",
    ({ cgroupMount }) => cgroupMount,
  ),
  field(
    "namespaces",
    "The namespaces that tcptop runs in, each with `kind` (`cgroup`, `pid`, `net`, `user`, `mnt`), `inode`, and `initial`: whether it is the one that the host started with, null where that can't be told.",
    ({ namespaces }) => namespaces.map(({ kind, inode, isInitial }) => ({ kind, inode, initial: isInitial })),
  ),
  field(
    "capabilities_held",
    "Names of all effective capabilities of this process.",
    ({ capabilitiesHeld }) => capabilitiesHeld,
  ),
  field(
    "capabilities",
    "What the best rungs and the one that is taken make use of, each with `capability`, `held`, `purpose`, and `without`: what is lost without it.",
    ({ capabilities }) =>
      capabilities.map(({ capability, isHeld, purpose, without }) => ({
        capability,
        held: isHeld,
        purpose,
        without,
      })),
  ),
  field(
    "rungs",
    "Every way to collect, in the order of the ladder, each with `rung`, `works` (it was opened and closed again), `lacks` (what it does not show; null where nothing), `limits` (what this host does not let it show, in a line each), `reason` (why it does not work, or not better), `mend` (what would change that), and `remedy`, the kind of the mend: `package`, `privilege`, `kernel`, or `policy`: a security setting of this host, which tcptop names and leaves alone. `reason`, `mend` and `remedy` can be null.",
    ({ rungs }) =>
      rungs.map(({ rung, works, lacks, limits, reason, mend, remedy }) => ({
        rung,
        works,
        lacks: lacks === "" ? null : lacks,
        limits,
        reason,
        mend,
        remedy,
      })),
  ),
  field("taken", "The rung that tcptop takes without `--rung`; null where none works.", ({ taken }) => taken),
];

/** One object, and a line end. */
export function doctorJson(report: DoctorReport): string {
  const fields = DOCTOR_FIELDS.map(({ name, value }) => [name, value(report)]);
  return `${JSON.stringify(Object.fromEntries(fields), null, 2)}\n`;
}

function field(name: string, doc: string, value: DoctorField["value"]): DoctorField {
  return { name, doc, value };
}
