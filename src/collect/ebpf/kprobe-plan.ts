import { totalmem } from "node:os";

import { BPF_ALLOCATOR, KPROBE_RUNG_FEATURES } from "../../linux/features.js";
import { READ_ONLY_DATA } from "../../linux/records.gen.js";
import { TcptopError } from "../../model/error.js";
import { explainLoadFailure } from "./explain-failure.js";
import { type FunctionPrograms, functionPrograms, programsForThisKernel } from "./function-programs.js";
import { requireProbesRun } from "./kprobe-check.js";
import { COOKIE_PROGRAMS, findGoneWithOwnNumbers, numberSockets } from "./kprobe-cookies.js";
import { KprobeLosses } from "./kprobe-losses.js";
import { SOCKET_MAPS, socketMapSizes } from "./kprobe-maps.js";
import { explainKprobeRefusal } from "./kprobe-refusal.js";
import type { RungPlan } from "./rung-plan.js";

/** Where datagrams are counted (bpf/kprobe/datagrams.bpf.c). Ends before beginnings: what is seen to begin is then seen to end. */
const DATAGRAM_FUNCTIONS: readonly FunctionPrograms[] = [
  functionPrograms("udp_sendmsg", [["sk msg len", "udp_sent", "udp_send_begins"]]),
  functionPrograms("udpv6_sendmsg", [["sk msg len", "udpv6_sent", "udpv6_send_begins"]]),
  functionPrograms("skb_consume_udp", [["sk skb len", "udp_received"]]),
  functionPrograms("udp_destroy_sock", [["sk", "udp_destroyed"]]),
  functionPrograms("udpv6_destroy_sock", [["sk", "udpv6_destroyed"]]),
  // Gone with sendpage in 6.5.
  functionPrograms(
    "ip_append_page",
    [["sk fl4 page offset size flags", "udp_page_sent", "udp_page_begins"]],
    {
      isOptional: true,
    },
  ),
];

/** Where single calls on TCP sockets are told (bpf/kprobe/tcp_calls.bpf.c). */
const CALL_FUNCTIONS: readonly FunctionPrograms[] = [
  functionPrograms("tcp_sendmsg", [["sk msg size", "tcp_sent", "tcp_send_begins"]]),
  functionPrograms("tcp_recvmsg", [
    ["sk msg len nonblock flags addr_len", "tcp_received", "tcp_receive_with_nonblock_begins"],
    ["sk msg len flags addr_len", "tcp_received", "tcp_receive_begins"],
    ["sk msg len flags", "tcp_received", "tcp_receive_begins"],
  ]),
  functionPrograms("inet_csk_accept", [
    ["sk flags err kern", "tcp_accepted"],
    ["sk arg", "tcp_accepted"],
  ]),
];

/**
 * TCP by the kernel's own counters, UDP at the kernel's own functions, with no more than kprobes, raw tracepoints and
 * iterators (Linux 5.9).
 * @throws TcptopError `unavailable` when this kernel has not all of these functions, as the programs know them.
 */
export function kprobePlan(): RungPlan {
  const datagramPrograms = programsFor(DATAGRAM_FUNCTIONS);
  let unnumbered: readonly string[] = [];
  const grows = BPF_ALLOCATOR.probe().kind === "yes";
  return {
    rung: "kprobe",
    objectFile: "tcptop-kprobe.bpf.o",
    // State changes first: a connection that opens during the walks is then in the ring.
    programs: ["tcp_state_changed", "tcp_destroyed", ...datagramPrograms],
    callPrograms: () => programsFor(CALL_FUNCTIONS),
    cgroupPrograms: [],
    iterators: {
      adopt: { program: "adopt_sockets" },
      held: { program: "walk_held_sockets" },
      others: { program: "walk_other_sockets", map: "notes" },
      flows: { program: "walk_flows", map: "flows", madeAt: null },
    },
    preparedPrograms: COOKIE_PROGRAMS,
    prepare: (object) => {
      requireProbesRun(object);
      unnumbered = numberSockets(object);
    },
    readOnlyData: [{ offset: READ_ONLY_DATA.targetArm64, value: process.arch === "arm64" ? 1 : 0 }],
    maxEntries: socketMapSizes(grows ? null : totalmem()),
    growingMaps: grows ? SOCKET_MAPS : [],
    countsDatagrams: true,
    features: KPROBE_RUNG_FEATURES,
    explainRefusal: (error) => explainKprobeRefusal(error, datagramPrograms),
    shortcomings: () => unnumbered,
    missedEvents: missedEventsCounter(),
    findGone: findGoneWithOwnNumbers,
  };
}

/** Counts for one object, the first that it is asked about: a plan is made for each collector. */
function missedEventsCounter(): RungPlan["missedEvents"] {
  let losses: KprobeLosses | undefined;
  return (object) => {
    losses ??= new KprobeLosses(object);
    return losses.count();
  };
}

/** Without BTF no function is known: that is the reason to tell then. */
function programsFor(functions: readonly FunctionPrograms[]): readonly string[] {
  try {
    return programsForThisKernel(functions);
  } catch (error) {
    throw error instanceof TcptopError ? explainLoadFailure(error, KPROBE_RUNG_FEATURES) : error;
  }
}
