import type { DoctorReport } from "../../../src/cli/doctor/report.js";
import { RUNG_CAPABILITIES } from "../../../src/model/privileges.js";

/** A host on which some things work and some don't, for each reason one. */
export function exampleReport(changes: Partial<DoctorReport> = {}): DoctorReport {
  return {
    version: "1.2.3",
    host: "web1",
    kernel: "6.1.0-30-cloud-amd64",
    architecture: "x86_64",
    libbpf: { version: "1.1", path: "/usr/lib/x86_64-linux-gnu/libbpf.so.1.1.2" },
    libbpfMend: null,
    hasKernelBtf: true,
    lockdown: "integrity",
    unprivilegedBpfDisabled: 2,
    perfEventParanoid: 3,
    cgroupMount: "/sys/fs/cgroup",
    namespaces: [
      { kind: "cgroup", inode: 4026531835, isInitial: true },
      { kind: "pid", inode: 4026532001, isInitial: false },
      { kind: "net", inode: 4026532002, isInitial: null },
    ],
    capabilitiesHeld: ["CAP_BPF", "CAP_KILL", "CAP_NET_ADMIN", "CAP_PERFMON"],
    capabilities: RUNG_CAPABILITIES.tracepoint.map((use) => ({
      ...use,
      isHeld: ["CAP_BPF", "CAP_PERFMON", "CAP_NET_ADMIN"].includes(use.capability),
    })),
    rungs: [
      {
        rung: "fentry",
        works: false,
        lacks: "",
        limits: [],
        reason: "this kernel has no trampolines for BPF programs (Linux 5.5)",
        mend: "run tcptop on a newer kernel",
        remedy: "kernel",
      },
      {
        rung: "tracepoint",
        works: true,
        lacks: "UDP sockets are shown without bytes and peers",
        limits: ["in a pid namespace: which processes outside of it hold sockets is unknown"],
        reason: "this kernel has no tracepoint sock:sock_send_length (Linux 6.3)",
        mend: "run tcptop on a newer kernel",
        remedy: "kernel",
      },
      {
        ...{ rung: "kprobe", works: false, lacks: "", limits: [] },
        ...{ reason: "kprobes do not attach on this kernel", mend: null, remedy: null },
      },
      {
        rung: "proc",
        works: true,
        lacks: "no bytes",
        limits: ["in a pid namespace: not told twice"],
        reason: null,
        mend: null,
        remedy: null,
      },
    ],
    taken: "tracepoint",
    ...changes,
  };
}
