import { formatEndpoint } from "./address.js";
import type { RowContext } from "./column.js";
import type { ColumnName } from "./columns.js";
import { hasPeer } from "./columns.js";
import type { Connection } from "./connection.js";
import { connectionAgeMs } from "./connection.js";
import { harmless } from "./text.js";
import type { Alignment } from "./text-width.js";
import { formatBytes, formatDuration, formatMicroseconds } from "./units.js";

/** One column as a person reads it: a digest of schema columns, in terminal columns. */
export interface ScreenColumn<Row = Connection, SortName extends string = ColumnName> {
  readonly title: string;
  /** The schema column that a sort by this one means. */
  readonly sortedBy: SortName;
  readonly alignment: Alignment;
  /** Where room is scarce it may be cut to this; a number is never cut, so it has none. */
  readonly minWidth: number | null;
  readonly maxWidth: number | null;
  /** 1 is the last to go where room is scarce. */
  readonly priority: number;
  /** The cell, free of control characters; "-" for unknown. */
  readonly text: (row: Row, context: RowContext) => string;
}

const UNKNOWN = "-";
/** "[" + 39 digits and colons of IPv6 + "]:65535". */
const LONGEST_ENDPOINT = 47;

/** The columns that somebody on call reads, from left to right. */
export const SCREEN_COLUMNS: readonly ScreenColumn[] = [
  numberColumn("PID", "pid", 5, owner),
  textColumn("COMM", "comm", 1, [10, 20], (connection) => harmless(connection.comm ?? UNKNOWN)),
  textColumn("LOCAL", "local_addr", 7, [15, LONGEST_ENDPOINT], (connection) =>
    harmless(formatEndpoint(connection.localAddr, connection.localPort)),
  ),
  textColumn("REMOTE", "remote_addr", 2, [15, LONGEST_ENDPOINT], remote),
  textColumn("STATE", "state", 6, [11, 21], state),
  numberColumn("TX/s", "tx_rate", 3, (connection) => orUnknown(connection.txRate, formatBytes)),
  numberColumn("RX/s", "rx_rate", 4, (connection) => orUnknown(connection.rxRate, formatBytes)),
  numberColumn("TX", "tx_bytes", 9, (connection) => orUnknown(connection.txBytes, formatBytes)),
  numberColumn("RX", "rx_bytes", 10, (connection) => orUnknown(connection.rxBytes, formatBytes)),
  numberColumn("RTT", "rtt_us", 8, (connection) => orUnknown(connection.rttUs, formatMicroseconds)),
  numberColumn("RETR", "retrans", 11, (connection) => orUnknown(connection.retrans, String)),
  numberColumn("AGE", "age_ms", 12, (connection, context) =>
    orUnknown(connectionAgeMs(connection, context.readNs), formatDuration),
  ),
];

function textColumn(
  title: string,
  sortedBy: ColumnName,
  priority: number,
  [minWidth, maxWidth]: readonly [number, number],
  text: ScreenColumn["text"],
): ScreenColumn {
  return { title, sortedBy, alignment: "left", minWidth, maxWidth, priority, text };
}

function numberColumn(
  title: string,
  sortedBy: ColumnName,
  priority: number,
  text: ScreenColumn["text"],
): ScreenColumn {
  return { title, sortedBy, alignment: "right", minWidth: null, maxWidth: null, priority, text };
}

/** `1234`, or `1234+3` where three other processes own it too. */
function owner(connection: Connection): string {
  const { pid, owners } = connection;
  if (pid === null) return UNKNOWN;
  const others = new Set(owners.map((one) => one.pid));
  others.delete(pid);
  return others.size === 0 ? pid.toString() : `${pid}+${others.size}`;
}

function remote(connection: Connection): string {
  return hasPeer(connection) ? harmless(formatEndpoint(connection.remoteAddr, connection.remotePort)) : "*";
}

function state(connection: Connection): string {
  if (!connection.closed) return connection.state;
  return connection.endReason === null ? "closed" : `closed: ${connection.endReason}`;
}

function orUnknown(value: number | null, format: (value: number) => string): string {
  return value === null ? UNKNOWN : format(value);
}
