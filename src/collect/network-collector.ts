import type { Suspect } from "../model/connection.js";
import type { Rung } from "../model/rung.js";
import type { Sample } from "../model/sample.js";

/** A source of samples: a live kernel, or a recording. What comes after cannot tell which. */
export interface NetworkCollector {
  readonly rung: Rung;
  /**
   * Reads everything once. One call at a time. `suspects` are connections that were not in the last samples: each is
   * looked up, and is in the sample's `gone` if the kernel does not know it any more.
   */
  sample(suspects: readonly Suspect[]): Promise<Sample>;
  /**
   * Begins to measure for how long its programs run in the kernel; the function that it returns ends that, and tells it in ns.
   * Null where there is nothing to measure, or the kernel does not tell. Each run costs a little more meanwhile.
   */
  measureKernelTime?(): (() => number) | null;
  /** Gives back all that it holds in the kernel. Closing twice does nothing. */
  close(): void;
}
