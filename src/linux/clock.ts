/** Now, in ns since boot (CLOCK_BOOTTIME cannot be asked for in Node; this is CLOCK_MONOTONIC). */
export function monotonicNs(): number {
  return Number(process.hrtime.bigint());
}
