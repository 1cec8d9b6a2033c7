import type { OwnCost } from "../tui/live/state.js";

/** What this process takes of the host, from one look to the next. */
export class OwnCostMeter {
  #cpu = process.cpuUsage();
  #atMs = performance.now();

  look(): OwnCost {
    const cpu = process.cpuUsage();
    const nowMs = performance.now();
    const usedMs = (cpu.user + cpu.system - this.#cpu.user - this.#cpu.system) / 1000;
    const spentMs = nowMs - this.#atMs;
    this.#cpu = cpu;
    this.#atMs = nowMs;
    return {
      cpuShare: spentMs > 0 ? usedMs / spentMs : null,
      residentBytes: process.memoryUsage.rss(),
      kernelShare: null,
    };
  }
}
