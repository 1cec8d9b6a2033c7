import type { NetworkCollector } from "../collect/network-collector.js";
import type { OwnCost } from "../tui/live/state.js";

/** Of so many intervals one is measured in the kernel, too: that has its own price. */
const MEASURED_OF = 10;

/** What tcptop takes of the host, from one look to the next. */
export class OwnCostMeter {
  readonly #collector: Pick<NetworkCollector, "measureKernelTime">;
  #cpu = process.cpuUsage();
  #atMs = performance.now();
  #looks = 0;
  #endMeasuring: (() => number) | null = null;
  #kernelShare: number | null = null;

  constructor(collector: Pick<NetworkCollector, "measureKernelTime">) {
    this.#collector = collector;
  }

  look(): OwnCost {
    const cpu = process.cpuUsage();
    const nowMs = performance.now();
    const usedMs = (cpu.user + cpu.system - this.#cpu.user - this.#cpu.system) / 1000;
    const spentMs = nowMs - this.#atMs;
    this.#cpu = cpu;
    this.#atMs = nowMs;
    this.#measureKernel(spentMs);
    return {
      cpuShare: spentMs > 0 ? usedMs / spentMs : null,
      residentBytes: process.memoryUsage.rss(),
      kernelShare: this.#kernelShare,
    };
  }

  /** Ends a measurement that runs. */
  close(): void {
    this.#endMeasuring?.();
    this.#endMeasuring = null;
  }

  #measureKernel(spentMs: number): void {
    if (this.#endMeasuring !== null) {
      const ranMs = this.#endMeasuring() / 1e6;
      this.#endMeasuring = null;
      if (spentMs > 0) this.#kernelShare = ranMs / spentMs;
    } else if (this.#looks % MEASURED_OF === 0) {
      this.#endMeasuring = this.#collector.measureKernelTime?.() ?? null;
    }
    this.#looks += 1;
  }
}
