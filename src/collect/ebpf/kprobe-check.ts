import type { BpfObject } from "../../linux/bpf-object.js";
import { sendDatagramToSelf } from "../../linux/datagram-to-self.js";
import { PerCpuMap } from "../../linux/per-cpu-map.js";
import { DatagramRuns } from "../../linux/records.gen.js";
import { TcptopError } from "../../model/error.js";

interface Runs {
  readonly sends: number;
  readonly receives: number;
}

/**
 * Makes sure that the kernel runs the programs that count datagrams, with a datagram of its own, which shows nowhere: kprobes
 * can be attached and switched off, and a compiler may have put one of their functions into its callers, where no probe is.
 * @throws TcptopError `unavailable` when it does not.
 */
export function requireProbesRun(object: BpfObject): void {
  const before = readRuns(object);
  if (!sendDatagramToSelf()) return;
  const after = readRuns(object);
  if (after.sends === before.sends) throw unavailable("it does not run them; they may be switched off");
  if (after.receives === before.receives) {
    throw unavailable("it was compiled without calls of skb_consume_udp, where receives are counted");
  }
}

function unavailable(why: string): TcptopError {
  return new TcptopError("unavailable", `kprobes attach on this kernel, but ${why}`, "");
}

function readRuns(object: BpfObject): Runs {
  let [sends, receives] = [0, 0];
  new PerCpuMap(object.mapFd("datagram_runs"), DatagramRuns.size).forEach((memory, at) => {
    const runs = new DatagramRuns(memory, at);
    sends += runs.sends;
    receives += runs.receives;
  });
  return { sends, receives };
}
