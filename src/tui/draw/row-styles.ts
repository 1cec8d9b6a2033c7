import type { ColumnName } from "../../model/columns.js";
import type { Connection } from "../../model/connection.js";
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
      return "strong";
    case "state":
      return stateStyle(connection.state);
    case "tx_rate":
      return rateStyle(connection.txRate);
    case "rx_rate":
      return rateStyle(connection.rxRate);
    case "retrans":
      return (connection.retrans ?? 0) > 0 ? "warning" : "dim";
    case "rtt_us":
      return (connection.rttUs ?? 0) >= BAD_RTT_US ? "warning" : "plain";
    case "local_addr":
    case "age_ms":
      return "dim";
    default:
      return "plain";
  }
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
