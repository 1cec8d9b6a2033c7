import { openCollector } from "../src/cli/open-collector.js";
import type { NetworkCollector } from "../src/collect/network-collector.js";
import { ConnectionTable } from "../src/engine/connection-table.js";
import { type Cost, costOf } from "./cost.js";

export interface TickCost {
  /** The collector: look-ups, walks, decoding, events. */
  readonly sample: Cost;
  /** The connection table. */
  readonly apply: Cost;
  /** Open connections that it showed. The snapshot itself is not kept: it would burden the next tick's garbage collection. */
  readonly open: number;
}

/** tcptop without its command line: a collector, and the table that its samples go to. */
export class Ticker {
  readonly #collector: NetworkCollector;
  readonly #table = new ConnectionTable({ lingerMs: 0 });

  /** Always the same way to collect: another one's figures under the same heading would mislead. */
  static async open(): Promise<Ticker> {
    return new Ticker(await openCollector({ rung: "tracepoint", udpTimeoutMs: 60_000 }));
  }

  private constructor(collector: NetworkCollector) {
    this.#collector = collector;
  }

  async tick(): Promise<TickCost> {
    const sample = await costOf(() => this.#collector.sample(this.#table.suspects()));
    const apply = await costOf(() => this.#table.apply(sample.result));
    return { sample: sample.cost, apply: apply.cost, open: apply.result.totals.open };
  }

  close(): void {
    this.#collector.close();
  }
}
