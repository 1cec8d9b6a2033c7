import type { Rung } from "../model/rung.js";
import type { LadderEntry } from "./ladder.js";

/**
 * Every way to collect that there is, the best first; the automatic choice is the first that opens. Tracepoints come before
 * functions, where a kernel that preempts itself skips programs of fentry; at tracepoints it does so from Linux 7 on, and each call
 * has several chances there. On such a kernel fentry comes after kprobes, which run without being preempted: they cost more, and
 * miss nothing. Without UDP the tracepoint rung comes after all that count it.
 */
export const LADDER: readonly LadderEntry[] = [
  {
    rung: "tracepoint",
    lacks: "",
    pidOrigin: "initial",
    load: async () => {
      const { EbpfCollector } = await import("./ebpf/ebpf-collector.js");
      const { tracepointWithUdp } = await import("./ebpf/tracepoint-plans.js");
      return (request) => EbpfCollector.open(tracepointWithUdp(), request);
    },
  },
  {
    rung: "fentry",
    lacks: "",
    pidOrigin: "initial",
    load: async () => {
      const { EbpfCollector } = await import("./ebpf/ebpf-collector.js");
      const { fentryPlanWithoutLoss } = await import("./ebpf/fentry-plan.js");
      return (request) => EbpfCollector.open(fentryPlanWithoutLoss(), request);
    },
  },
  {
    rung: "kprobe",
    lacks: "",
    pidOrigin: "initial",
    load: async () => {
      const { EbpfCollector } = await import("./ebpf/ebpf-collector.js");
      const { kprobePlan } = await import("./ebpf/kprobe-plan.js");
      return (request) => EbpfCollector.open(kprobePlan(), request);
    },
  },
  {
    rung: "fentry",
    lacks: "of UDP, calls that compete for a CPU can be missed, and are in missed_events",
    pidOrigin: "initial",
    load: async () => {
      const { EbpfCollector } = await import("./ebpf/ebpf-collector.js");
      const { fentryPlan } = await import("./ebpf/fentry-plan.js");
      return (request) => EbpfCollector.open(fentryPlan(), request);
    },
  },
  {
    rung: "tracepoint",
    lacks: "UDP sockets are shown without bytes and peers",
    pidOrigin: "initial",
    load: async () => {
      const { EbpfCollector } = await import("./ebpf/ebpf-collector.js");
      const { TRACEPOINT_WITHOUT_UDP } = await import("./ebpf/tracepoint-plans.js");
      return (request) => EbpfCollector.open(TRACEPOINT_WITHOUT_UDP, request);
    },
  },
  {
    rung: "netlink",
    lacks: "no bytes of UDP, no age, and no owner of what lives less than an interval",
    pidOrigin: "proc",
    load: async () => {
      const { NetlinkCollector } = await import("./netlink/netlink-collector.js");
      return ({ tell }) => NetlinkCollector.open("netlink", tell);
    },
  },
  {
    rung: "user",
    lacks:
      "no owners of other users' sockets, no other network namespaces, no bytes of UDP, no age, and no owner of what lives less than an interval",
    pidOrigin: "proc",
    load: async () => {
      const { NetlinkCollector } = await import("./netlink/netlink-collector.js");
      return ({ tell }) => NetlinkCollector.open("user", tell);
    },
  },
  {
    rung: "proc",
    lacks: "no bytes, RTT or retransmits",
    pidOrigin: "proc",
    load: async () => {
      const { ProcCollector } = await import("./proc/proc-collector.js");
      return () => ProcCollector.open();
    },
  },
];

/** The ways to have a rung, the best first. */
export function waysToHave(rung: Rung): readonly LadderEntry[] {
  return LADDER.filter((entry) => entry.rung === rung);
}
