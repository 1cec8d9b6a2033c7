import { TcptopError } from "../../model/error.js";
import { EbpfCollector, type EbpfCollectorOptions } from "./ebpf-collector.js";
import { TRACEPOINT_WITH_UDP, TRACEPOINT_WITHOUT_UDP } from "./tracepoint-plans.js";

/**
 * The tracepoint rung: with UDP, or, where the kernel has no tracepoints for its calls (before 6.3), without.
 * @throws TcptopError `unavailable` when neither can be had.
 */
export function openTracepoint(options: EbpfCollectorOptions): EbpfCollector {
  try {
    return EbpfCollector.open(TRACEPOINT_WITH_UDP, options);
  } catch (error) {
    if (!(error instanceof TcptopError) || error.code !== "unavailable") throw error;
  }
  return EbpfCollector.open(TRACEPOINT_WITHOUT_UDP, options);
}
