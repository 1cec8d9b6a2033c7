import type { BpfObject } from "../../linux/bpf-object.js";
import { isInCgroupNamespace } from "../../linux/cgroup-root.js";
import {
  DATAGRAM_TRACEPOINT_FEATURES,
  PREEMPTIBLE_TRACEPOINTS,
  TRACEPOINT_RUNG_FEATURES,
} from "../../linux/features.js";
import { PerCpuMap } from "../../linux/per-cpu-map.js";
import { FullChains, VARIABLES } from "../../linux/records.gen.js";
import { findGone } from "./look-up.js";
import type { RungPlan } from "./rung-plan.js";

/** TCP by the kernel's own counters, read once a sample (Linux 5.12); UDP sockets are there, without bytes and peers. */
export const TRACEPOINT_WITHOUT_UDP: RungPlan = {
  rung: "tracepoint",
  objectFile: "tcptop.bpf.o",
  // State changes first: a connection that opens during the walks is then in the ring.
  programs: ["tcp_state_changed", "tcp_destroyed"],
  callPrograms: null,
  cgroupPrograms: [],
  iterators: {
    adopt: { program: "adopt_sockets" },
    held: { program: "walk_held_sockets" },
    others: { program: "walk_other_sockets", map: "notes" },
    flows: null,
  },
  countsDatagrams: false,
  features: TRACEPOINT_RUNG_FEATURES,
  shortcomings: () => [],
  missedEvents: (object) => object.skippedRuns("tcp_state_changed"),
  findGone,
};

/** The same, and UDP by what send and receive calls return (6.3). */
export const TRACEPOINT_WITH_UDP: RungPlan = {
  ...TRACEPOINT_WITHOUT_UDP,
  programs: [...TRACEPOINT_WITHOUT_UDP.programs, "datagram_sent", "datagram_received"],
  cgroupPrograms: ["peer_of_send4", "peer_of_send6", "peer_of_receive4", "peer_of_receive6", "udp_released"],
  iterators: {
    ...TRACEPOINT_WITHOUT_UDP.iterators,
    flows: { program: "walk_flows", map: "flows", madeAt: VARIABLES.flowsMade },
  },
  countsDatagrams: true,
  missedEvents: (object) =>
    TRACEPOINT_WITHOUT_UDP.missedEvents(object) +
    object.skippedRuns("datagram_sent") +
    object.skippedRuns("datagram_received"),
  features: [...TRACEPOINT_RUNG_FEATURES, ...DATAGRAM_TRACEPOINT_FEATURES],
  shortcomings: () =>
    isInCgroupNamespace()
      ? ["in a cgroup namespace: peers of UDP sockets are only known for processes inside of it"]
      : [],
};

/** Each call's chances to be counted, in their order (bpf/datagram_chain.bpf.c). */
const SENT_CHAIN = ["datagram_sent_1", "datagram_sent_2", "datagram_sent_3", "datagram_sent_4"] as const;
const RECEIVED_CHAIN = [
  "datagram_received_1",
  "datagram_received_2",
  "datagram_received_3",
  "datagram_received_4",
] as const;

/** The same where a program is skipped while a task is preempted inside of it (Linux 7): each call has several chances. */
export const PREEMPTIBLE_TRACEPOINT_WITH_UDP: RungPlan = {
  ...TRACEPOINT_WITH_UDP,
  programs: [...TRACEPOINT_WITHOUT_UDP.programs, ...SENT_CHAIN, ...RECEIVED_CHAIN],
  missedEvents: (object) => TRACEPOINT_WITHOUT_UDP.missedEvents(object) + callsMissedByChains(object),
};

/** What this kernel's tracepoints need. */
export function tracepointWithUdp(): RungPlan {
  return PREEMPTIBLE_TRACEPOINTS.probe().kind === "yes"
    ? PREEMPTIBLE_TRACEPOINT_WITH_UDP
    : TRACEPOINT_WITH_UDP;
}

/**
 * At most: a call that each program was skipped for is in the count of each, and there is none unless tasks were in all of them at
 * once.
 */
function callsMissedByChains(object: BpfObject): number {
  const full = { sent: 0, received: 0 };
  new PerCpuMap(object.mapFd("full_chains"), FullChains.size).forEach((memory, at) => {
    const { sent, received } = new FullChains(memory, at);
    full.sent += sent;
    full.received += received;
  });
  const mostSkippedByAll = (chain: readonly string[]): number =>
    Math.min(...chain.map((program) => object.skippedRuns(program)));
  return (
    (full.sent > 0 ? mostSkippedByAll(SENT_CHAIN) : 0) +
    (full.received > 0 ? mostSkippedByAll(RECEIVED_CHAIN) : 0)
  );
}
