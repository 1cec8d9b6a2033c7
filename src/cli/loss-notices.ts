import type { Snapshot } from "../model/snapshot.js";
import { lossWords } from "../output/summary-lines.js";

/**
 * Tells losses to somebody beside the output, for formats that have no place for them: a line when one begins or grows,
 * not one for each snapshot that it lasts.
 */
export class LossNotices {
  readonly #tell: (line: string) => void;
  #told = "";

  constructor(tell: (line: string) => void) {
    this.#tell = tell;
  }

  look(snapshot: Snapshot): void {
    const { untracked, folded, missedEvents, lost, stalled } = snapshot;
    const records = lost === null ? [] : [lost.udpEnds, lost.owners];
    const losses = [untracked, folded.connections, missedEvents, ...records, stalled?.what ?? ""].join();
    if (losses === this.#told) return;
    this.#told = losses;
    const words = lossWords(snapshot);
    if (words.length > 0) this.#tell(words.join("; "));
  }
}
