import type { BpfObject } from "../../linux/bpf-object.js";
import { PerCpuMap } from "../../linux/per-cpu-map.js";
import { FoldTotals, RingLosses } from "../../linux/records.gen.js";
import type { Folded, LostRecords } from "../../model/sample.js";

/** What found no room in the ring, as the programs count it: closes folded into totals, other records by their kind. */
export class RingOverflow {
  readonly #folds: readonly PerCpuMap[];
  readonly #losses: PerCpuMap;

  constructor(object: BpfObject) {
    this.#folds = ["folded", "folded_rest"].map((map) => new PerCpuMap(object.mapFd(map), FoldTotals.size));
    this.#losses = new PerCpuMap(object.mapFd("losses"), RingLosses.size);
  }

  folded(): Folded {
    const sum = { connections: 0, txBytes: 0, rxBytes: 0, retransBytes: 0 };
    for (const map of this.#folds) {
      map.forEach((memory, at) => {
        const totals = new FoldTotals(memory, at);
        sum.connections += totals.connections;
        sum.txBytes += totals.txBytes;
        sum.rxBytes += totals.rxBytes;
        sum.retransBytes += totals.retransBytes;
      });
    }
    return sum;
  }

  lost(): LostRecords {
    const sum = { opens: 0, states: 0, owners: 0, udpEnds: 0 };
    this.#losses.forEach((memory, at) => {
      const losses = new RingLosses(memory, at);
      sum.opens += losses.opens;
      sum.states += losses.states;
      sum.owners += losses.owners;
      sum.udpEnds += losses.udpEnds;
    });
    return sum;
  }
}
