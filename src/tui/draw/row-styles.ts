import type { ColumnName } from "../../model/columns.js";
import type { Connection } from "../../model/connection.js";
import type { Limit } from "../../model/limits.js";
import type { StyleName } from "./line.js";

/** Bytes/s from which a rate is warm, and hot: 1 Mbit/s and 100 Mbit/s. */
const MIDDLE_RATE = 125_000;
const HIGH_RATE = 12_500_000;
const BAD_RTT_US = 200_000;

/** The style of one cell, by its column and what the connection is. */
export function cellStyle(column: ColumnName, connection: Connection): StyleName {
  if (connection.closed) return "closed";
  switch (column) {
    case "comm":
      return moves(connection) ? "strong" : "plain";
    case "state":
      return stateStyle(connection.state);
    case "tx_rate":
      return rateStyle(connection.txRate);
    case "rx_rate":
      return rateStyle(connection.rxRate);
    case "retrans":
      return resends(connection) ? "warning" : "dim";
    case "accept_queue":
      return acceptStyle(connection);
    case "drops":
      return (connection.drops ?? 0) > 0 ? "warning" : "dim";
    case "limited_by":
      return limitStyle(connection);
    case "tx_bytes":
      return amountStyle(connection.txBytes);
    case "rx_bytes":
      return amountStyle(connection.rxBytes);
    case "rtt_us":
      if (connection.rttUs === null) return "dim";
      return connection.rttUs >= BAD_RTT_US ? "warning" : "plain";
    case "local_addr":
    case "proto":
    case "user":
    case "age_ms":
      return "dim";
    default:
      return "plain";
  }
}

/** Whether anything went either way in the last interval. */
function moves({ txRate, rxRate }: Connection): boolean {
  return (txRate ?? 0) >= 1 || (rxRate ?? 0) >= 1;
}

/** Whether it sent anything again in the last interval: that it once did is a number, not a warning. */
export function resends({ limits }: Connection): boolean {
  return (limits?.retransShare ?? 0) > 0;
}

function acceptStyle(connection: Connection): StyleName {
  return isFilling(connection) ? "warning" : amountStyle(connection.acceptQueue);
}

/** Half full is where an accept queue begins to matter: what finds no room is dropped, and nobody is told. */
export function isFilling({ acceptQueue, acceptLimit }: Connection): boolean {
  return acceptQueue !== null && acceptQueue > 0 && acceptLimit !== null && acceptQueue * 2 >= acceptLimit;
}

function limitStyle({ limits }: Connection): StyleName {
  const limit = limits?.limitedBy ?? null;
  return limit !== null && isInTheWay(limit) ? "warning" : "dim";
}

/** Whether there is more to send than gets through. */
export function isInTheWay(limit: Limit): boolean {
  return limit !== "idle" && limit !== "application";
}

/** Nothing, and nothing known, is passed over. */
export function amountStyle(amount: number | null): StyleName {
  return amount === null || amount === 0 ? "dim" : "plain";
}

export function rateStyle(bytesPerSecond: number | null): StyleName {
  if (bytesPerSecond === null || bytesPerSecond < 1) return "dim";
  if (bytesPerSecond >= HIGH_RATE) return "rate-high";
  return bytesPerSecond >= MIDDLE_RATE ? "rate-middle" : "rate-low";
}

function stateStyle(state: Connection["state"]): StyleName {
  switch (state) {
    case "ESTABLISHED":
    case "LISTEN":
    case "UNCONN":
      return "state-open";
    case "CLOSE_WAIT":
    case "SYN_SENT":
    case "SYN_RECV":
      return "state-bad";
    default:
      return "state-waiting";
  }
}
