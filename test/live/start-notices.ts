import { release } from "node:os";
import { preemptsItself } from "../../src/linux/preemption.js";
import type { Rung } from "../../src/model/rung.js";
import { FORCED_RUNG } from "./forced-rung.js";

/** What tcptop says on stderr at its start, on this kernel and with the rung that tests force. */
export const START_NOTICES: string = noticesOf(FORCED_RUNG);

/**
 * Of the rungs only two have something to say: that one can't count UDP, where sock_send_length (6.3) is not there, and the other may
 * miss some where the kernel may preempt itself. Left to choose, tcptop takes one there that can, and does not.
 */
function noticesOf(rung: Rung | null): string {
  const preempts = preemptsItself();
  if (rung === "fentry" && preempts !== false) {
    const does = preempts ? "preempts itself, and" : "does not tell whether it preempts itself; if so, it";
    return (
      "tcptop: using rung fentry: of UDP, calls that compete for a CPU can be missed, and are in missed_events (this kernel " +
      `${does} skips a program at a function while another task is preempted in it)\n`
    );
  }
  return rung !== "tracepoint" || hasSockSendLength(release())
    ? ""
    : "tcptop: using rung tracepoint: UDP sockets are shown without bytes and peers (this kernel has no tracepoint " +
        "sock:sock_send_length (Linux 6.3), tracepoint sock:sock_recv_length (Linux 6.3)); run tcptop on a newer kernel\n";
}

function hasSockSendLength(kernel: string): boolean {
  const [major = 0, minor = 0] = kernel.split(".").map(Number);
  return major > 6 || (major === 6 && minor >= 3);
}
