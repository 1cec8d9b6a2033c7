import type { Folded } from "../model/sample.js";
import type { Snapshot, Totals } from "../model/snapshot.js";
import { harmless } from "../model/text.js";
import { formatAmount, formatBytes } from "../model/units.js";
import { rateWords, reconciliationWords } from "./reconciliation.js";
import type { Frame } from "./sink.js";
import { stalledForMs } from "./summary.js";

/**
 * The summary of a snapshot for people: what there is and moves; by protocol, beside what the network devices moved; how it
 * was collected, and what that lost.
 */
export function summaryLines(frame: Frame<unknown>): readonly [string, string, string] {
  const { snapshot } = frame;
  return [
    `${countWords(frame)}; ${movedWords(snapshot.totals)}`,
    reconciliationWords(snapshot),
    [`rung ${frame.rung}`, ...lossWords(snapshot)].join("; "),
  ];
}

/**
 * What a snapshot lacks, in words: nothing when it is whole. For outputs that have no place for a summary, too:
 * a loss must be said somewhere.
 */
export function lossWords(snapshot: Snapshot): readonly string[] {
  const { untracked, folded, missedEvents, lost, stalled, timeMs } = snapshot;
  const words: string[] = [];
  if (untracked > 0) words.push(`${untracked} more open, the table is full`);
  if (folded.connections > 0) words.push(foldedWords(folded));
  if (missedEvents > 0) words.push(`${missedEvents} events missed`);
  if (lost !== null && lost.udpEnds > 0) words.push(`${lost.udpEnds} ends of UDP sockets lost`);
  if (lost !== null && lost.owners > 0) words.push(`${lost.owners} late owners lost`);
  if (stalled !== null) {
    const seconds = (stalledForMs(stalled, timeMs) / 1000).toFixed(1);
    words.push(`stalled: ${harmless(stalled.what)} for ${seconds} s`);
  }
  return words;
}

function countWords({ snapshot, rows }: Frame<unknown>): string {
  const { open, listening, closed } = snapshot.totals;
  return `${open} open, ${listening} listening, ${closed} closed, ${rows.length} shown`;
}

function movedWords(totals: Totals): string {
  const { txBytes, rxBytes } = totals;
  return `${rateWords(totals)}; since start tx ${formatAmount(txBytes)}, rx ${formatAmount(rxBytes)}`;
}

function foldedWords({ connections, txBytes, rxBytes }: Folded): string {
  return `${connections} closed folded (tx ${formatBytes(txBytes)}B, rx ${formatBytes(rxBytes)}B)`;
}
