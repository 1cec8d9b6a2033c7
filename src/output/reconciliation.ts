import type { Snapshot, TrafficTotals } from "../model/snapshot.js";
import { formatRate } from "../model/units.js";

type Rates = Pick<TrafficTotals, "txRate" | "rxRate">;

/**
 * By how much what passed the network devices over the interval exceeds the payload of all connections, in percent of that;
 * null when either is not known, or there is no payload to compare with.
 */
export function interfacesExcess({ totals, interfaces }: Snapshot): number | null {
  const payload = bothWays(totals);
  const passed = interfaces && bothWays(interfaces);
  if (payload === null || passed === null || payload === 0) return null;
  return (passed / payload - 1) * 100;
}

/** Payload by protocol beside what the network devices moved, and what makes the difference. */
export function reconciliationWords(snapshot: Snapshot): string {
  const { totals, interfaces } = snapshot;
  return [
    `tcp ${rateWords(totals.tcp)}`,
    `udp ${rateWords(totals.udp)}`,
    `interfaces ${rateWords(interfaces)}${excessWords(snapshot)}`,
  ].join("; ");
}

/** Rates in both directions; dashes for what is not known. */
export function rateWords(rates: Rates | null): string {
  return `tx ${formatRate(rates?.txRate ?? null)}, rx ${formatRate(rates?.rxRate ?? null)}`;
}

function excessWords(snapshot: Snapshot): string {
  const excess = interfacesExcess(snapshot);
  if (excess === null) return "";
  const percent = Math.round(excess);
  if (percent < 0) return ` (${percent} %: other namespaces have their own)`;
  const uncounted = snapshot.totals.udp === null ? "UDP, " : "";
  return ` (+${percent} %: headers, ACKs, resends, ${uncounted}other protocols, forwarded)`;
}

function bothWays({ txRate, rxRate }: Rates): number | null {
  return txRate === null || rxRate === null ? null : txRate + rxRate;
}
