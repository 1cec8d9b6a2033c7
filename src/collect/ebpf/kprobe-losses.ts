import { existsSync } from "node:fs";

import type { BpfObject } from "../../linux/bpf-object.js";
import { BpfHashMap } from "../../linux/hash-map.js";
import { PerCpuMap } from "../../linux/per-cpu-map.js";
import { procShowsInitialPids } from "../../linux/pid-namespace.js";
import { TrackingLosses } from "../../linux/records.gen.js";

/** struct call and struct call_arguments (bpf/maps_by_address.h); of the arguments nothing is read. */
const CALL_BYTES = 16;
const CALL_ARGUMENTS_BYTES = 56;
/** In one sample. */
const MOST_LOOKED_AT = 1000;

/** State changes, calls and sockets that are lacking in what kprobes showed. */
export class KprobeLosses {
  readonly #losses: PerCpuMap;
  readonly #calls: BpfHashMap;
  #abandoned = 0;

  constructor(object: BpfObject) {
    this.#losses = new PerCpuMap(object.mapFd("tracking_losses"), TrackingLosses.size);
    this.#calls = new BpfHashMap(object.mapFd("calls"), CALL_ARGUMENTS_BYTES);
  }

  count(): number {
    this.#takeAbandonedCalls();
    let counted = 0;
    this.#losses.forEach((memory, at) => {
      const { missedCalls, refusedNotes, staleNotes } = new TrackingLosses(memory, at);
      counted += missedCalls + refusedNotes + staleNotes;
    });
    return counted + this.#abandoned;
  }

  /**
   * A call whose end was not seen is told when its task begins the next. Of tasks that are gone, by this: there are as many
   * entries as calls are under way, few.
   */
  #takeAbandonedCalls(): void {
    if (!procShowsInitialPids()) return;
    for (const call of this.#calls.keys(CALL_BYTES, MOST_LOOKED_AT)) {
      if (!isTaskThere(call) && this.#calls.take(call) !== null) this.#abandoned += 1;
    }
  }
}

/** bpf_get_current_pid_tgid(): the process in the upper half, the thread in the lower. */
function isTaskThere(call: Uint8Array): boolean {
  const view = new DataView(call.buffer, call.byteOffset);
  return existsSync(`/proc/${view.getUint32(4, true)}/task/${view.getUint32(0, true)}`);
}
