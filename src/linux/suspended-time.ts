import { uptime } from "node:os";

import { monotonicNs } from "./clock.js";

/** Below this the difference of the two clocks is the resolution of the first, 10 ms, and the time between the readings. */
const NOISE_NS = 1e9;

/**
 * How long this host has slept since boot, in ns, to some 10 ms. /proc gives start times on the clock that goes on in sleep
 * (CLOCK_BOOTTIME), the kernel programs and Node read the one that stops (CLOCK_MONOTONIC).
 */
export function suspendedNs(): number {
  const difference = uptime() * 1e9 - monotonicNs();
  return difference < NOISE_NS ? 0 : difference;
}
