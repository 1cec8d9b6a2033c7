import { isInCgroupNamespace } from "../../linux/cgroup-root.js";
import { DATAGRAM_TRACEPOINT_FEATURES, TRACEPOINT_RUNG_FEATURES } from "../../linux/features.js";
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
  iterators: { ...TRACEPOINT_WITHOUT_UDP.iterators, flows: { program: "walk_flows", map: "flows" } },
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
