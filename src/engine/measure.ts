import type { Limits } from "../model/limits.js";
import { growth, limitsBetween } from "./limits.js";
import { advance, countFromZero, stop } from "./rates.js";
import type { Row } from "./row.js";
import type { DuplexTraffic } from "./traffic.js";

/** The interval that a sample ends, in ns since boot; `fromNs` is null in the first sample. */
export interface Interval {
  readonly fromNs: number | null;
  readonly toNs: number;
}

/** Turns the news of a row into rates, and adds what moved to the traffic of its protocol. To be called once a sample. */
export function measure(row: Row, interval: Interval, traffic: DuplexTraffic): void {
  if (row.connection === null) startCounting(row, interval);
  if (row.news === "none") {
    rest(row);
    return;
  }
  const elapsedNs = row.isMeasured ? rateEndNs(row, interval) - row.measuredNs : null;
  traffic.tx.add(advance(row.tx, row.latest.txBytes, elapsedNs));
  traffic.rx.add(advance(row.rx, row.latest.rxBytes, elapsedNs));
  traffic.retrans.add(sentAgain(row));
  row.limits = limitsOf(row);
  if (row.news === "opened") forgetRates(row);
  row.isMeasured = true;
  row.news = "none";
}

/** Segments, from the row as last shown to its newest reading; of what is older than the collector none at first. */
function sentAgain({ connection, latest, openedNs, countsFromZero }: Row): number {
  const atBirth = openedNs === null && !countsFromZero ? null : 0;
  const before = connection === null ? atBirth : connection.retrans;
  return growth(before, latest.retrans) ?? 0;
}

/** From the row as last shown to its newest reading. */
function limitsOf({ connection, latest, measuredClock, clock, end }: Row): Limits | null {
  if (connection === null || measuredClock === null || clock === null || end !== null) return null;
  return limitsBetween(connection, latest, clock - measuredClock);
}

/** What was born while the collector ran moved its bytes since then, what is older at an unknown time. */
function startCounting(row: Row, { fromNs }: Interval): void {
  if (row.openedNs === null && !row.countsFromZero) return;
  countFromZero(row.tx);
  countFromZero(row.rx);
  if (fromNs === null) return;
  row.measuredNs = Math.min(fromNs, row.openedNs ?? fromNs);
  row.isMeasured = true;
}

/**
 * What was born or closed between two samples has the whole interval as its time: a connection of a millisecond
 * would else show the rate of that millisecond, and the rates of all would not add up to the total.
 */
function rateEndNs(row: Row, { toNs }: Interval): number {
  const isPartial = row.connection === null || row.end !== null;
  return isPartial ? Math.max(toNs, row.readNs) : row.readNs;
}

/** Not read in this sample: an open connection may have moved anything, a closed one moves nothing more. */
function rest(row: Row): void {
  if (row.connection?.closed === true) {
    stop(row.tx);
    stop(row.rx);
    row.limits = null;
  } else {
    forgetRates(row);
  }
}

function forgetRates(row: Row): void {
  row.tx.rate = null;
  row.rx.rate = null;
  row.limits = null;
}
