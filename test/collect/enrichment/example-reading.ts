import type { ProcessReading } from "../../../src/collect/enrichment/process-reader.js";
import type { ProcessDetails } from "../../../src/model/process-details.js";

/** A look at a process of which all is known, but for what `changes` and `details` say. */
export function processReading(
  changes: Partial<ProcessReading> = {},
  details: Partial<ProcessDetails> = {},
): ProcessReading {
  const startTicks = changes.startTicks ?? 100;
  return {
    startTicks,
    ageMs: 0,
    netns: 4_026_531_840,
    network: null,
    details: {
      startedNs: startTicks * 1e7,
      cmdline: "server --port 80",
      user: "root",
      cgroup: "/system.slice/server.service",
      container: "server.service",
      ...details,
    },
    ...changes,
  };
}
