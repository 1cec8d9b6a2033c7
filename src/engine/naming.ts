import type { ProcessDetails } from "../model/process-details.js";
import type { Owner } from "../model/sample.js";

/** What is known of a row's owner, namespace and device beside their numbers. What was known once stays when they are gone. */
export interface Naming {
  /** The owners for which the process was looked for; null before the first time. */
  namedOwners: readonly Owner[] | null;
  /** The owner that stands for all, and the time, in ns since boot, by which it had started. */
  primaryPid: number | null;
  ownedNs: number;
  process: ProcessDetails | null;
  netnsName: string | null;
  /** The device that was looked up, and what it is called. */
  deviceIndex: number | null;
  deviceName: string | null;
}
