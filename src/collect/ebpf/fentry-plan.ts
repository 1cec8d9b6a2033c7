import { FENTRY_RUNG_FEATURES } from "../../linux/features.js";
import { preemptsItself } from "../../linux/preemption.js";
import { TcptopError } from "../../model/error.js";
import { explainLoadFailure } from "./explain-failure.js";
import { type FunctionPrograms, functionPrograms, programsForThisKernel } from "./function-programs.js";
import { explainFunctionRefusal } from "./function-refusal.js";
import type { RungPlan } from "./rung-plan.js";
import { TRACEPOINT_WITH_UDP, TRACEPOINT_WITHOUT_UDP } from "./tracepoint-plans.js";

/** Where datagrams are counted (bpf/datagram_functions.bpf.c). */
export const DATAGRAM_FUNCTIONS: readonly FunctionPrograms[] = [
  functionPrograms("udp_sendmsg", [["sk msg len", "udp_send_begins", "udp_sent"]]),
  functionPrograms("udpv6_sendmsg", [["sk msg len", "udpv6_send_begins", "udpv6_sent"]]),
  functionPrograms("udp_recvmsg", receivePrograms("udp_received")),
  functionPrograms("udpv6_recvmsg", receivePrograms("udpv6_received")),
  functionPrograms("udp_destroy_sock", [["sk", "udp_destroyed"]]),
  functionPrograms("udpv6_destroy_sock", [["sk", "udpv6_destroyed"]]),
  // Gone with sendpage in 6.5.
  functionPrograms("ip_append_page", [["sk fl4 page offset size flags", "udp_page_sent"]], {
    isOptional: true,
  }),
];

/** Where single calls on TCP sockets are told (bpf/tcp_functions.bpf.c). */
export const CALL_FUNCTIONS: readonly FunctionPrograms[] = [
  functionPrograms("tcp_sendmsg", [["sk msg size", "tcp_sent"]]),
  functionPrograms("tcp_recvmsg", receivePrograms("tcp_received")),
  functionPrograms("inet_csk_accept", [
    ["sk flags err kern", "tcp_accepted_with_flags"],
    ["sk arg", "tcp_accepted"],
  ]),
];

/** `noblock` (TCP: `nonblock`) went in 5.19, `addr_len` later; distributions move both. */
function receivePrograms(program: string): readonly (readonly [string, string])[] {
  return [
    ["sk msg len noblock flags addr_len", `${program}_with_noblock`],
    ["sk msg len nonblock flags addr_len", `${program}_with_noblock`],
    ["sk msg len flags addr_len", `${program}_with_addr_len`],
    ["sk msg len flags", program],
  ];
}

/**
 * TCP as the tracepoint rung has it; UDP at the kernel's own functions, so without cgroups (Linux 5.12).
 * @throws TcptopError `unavailable` when this kernel has not all of these functions, as the programs know them.
 */
export function fentryPlan(): RungPlan {
  const datagramPrograms = datagramProgramsForThisKernel();
  return {
    ...TRACEPOINT_WITH_UDP,
    rung: "fentry",
    programs: [...TRACEPOINT_WITHOUT_UDP.programs, ...datagramPrograms],
    callPrograms: () => programsForThisKernel(CALL_FUNCTIONS),
    cgroupPrograms: [],
    features: FENTRY_RUNG_FEATURES,
    explainRefusal: (error) => explainFunctionRefusal(error, datagramPrograms),
    shortcomings: () => [],
    missedEvents: (object) =>
      TRACEPOINT_WITHOUT_UDP.missedEvents(object) +
      datagramPrograms.reduce((sum, program) => sum + object.skippedRuns(program), 0),
  };
}

/**
 * The same, where no call is missed.
 * @throws TcptopError `unavailable` also where the kernel skips a program while another task is preempted inside of it.
 */
export function fentryPlanWithoutLoss(): RungPlan {
  const plan = fentryPlan();
  const preempts = preemptsItself();
  if (preempts === false) return plan;
  const does =
    preempts === true ? "preempts itself, and" : "does not tell whether it preempts itself; if so, it";
  throw new TcptopError(
    "unavailable",
    `this kernel ${does} skips a program at a function while another task is preempted in it`,
    "",
  );
}

function datagramProgramsForThisKernel(): readonly string[] {
  try {
    return programsForThisKernel(DATAGRAM_FUNCTIONS);
  } catch (error) {
    throw error instanceof TcptopError ? explainLoadFailure(error, FENTRY_RUNG_FEATURES) : error;
  }
}
