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
  /** What stays of a text that is cut: its beginning; or also what follows the last colon, the port. */
  readonly keeps: "start" | "port";
  /** 1 is the last to go where room is scarce. */
  readonly priority: number;
  /** The cell, free of control characters; "-" for unknown. */
  readonly text: (row: Row, context: RowContext) => string;
}

const UNKNOWN = "-";
/** Of most IPv4 addresses all, of IPv6 ones the prefix; with the port. */
const SHORT_ENDPOINT = 18;
/** "[" + 39 digits and colons of IPv6 + "]:65535". */
const LONGEST_ENDPOINT = 47;

const PID = numberColumn("PID", "pid", 5, owner);
const COMM = textColumn("COMM", "comm", 1, [10, 20], (connection) => harmless(connection.comm ?? UNKNOWN));

/** The columns that somebody on call reads, from left to right. */
export const SCREEN_COLUMNS: readonly ScreenColumn[] = [
  PID,
  COMM,
  endpointColumn("LOCAL", "local_addr", 8, local),
  endpointColumn("REMOTE", "remote_addr", 2, remote),
  textColumn("STATE", "state", 6, [11, 21], state),
  numberColumn("TX/s", "tx_rate", 3, (connection) => orUnknown(connection.txRate, formatBytes)),
  numberColumn("RX/s", "rx_rate", 4, (connection) => orUnknown(connection.rxRate, formatBytes)),
  numberColumn("TX", "tx_bytes", 9, (connection) => orUnknown(connection.txBytes, formatBytes)),
  numberColumn("RX", "rx_bytes", 10, (connection) => orUnknown(connection.rxBytes, formatBytes)),
  numberColumn("RTT", "rtt_us", 7, (connection) => orUnknown(connection.rttUs, formatMicroseconds)),
  numberColumn("RETR", "retrans", 11, (connection) => orUnknown(connection.retrans, String)),
  numberColumn("AGE", "age_ms", 12, (connection, context) =>
    orUnknown(connectionAgeMs(connection, context.readNs), formatDuration),
  ),
];

/** What there is to choose beside these. */
export const FURTHER_COLUMNS: readonly ScreenColumn[] = [
  textColumn("PROTO", "proto", 13, [5, 5], ({ proto }) => proto),
  textColumn("USER", "user", 14, [6, 16], ({ process }) => harmless(process?.user ?? UNKNOWN)),
  textColumn("CONTAINER", "container", 15, [9, 30], ({ process }) => harmless(process?.container ?? UNKNOWN)),
  textColumn("NETNS", "netns", 16, [8, 20], ({ netns, netnsName }) => harmless(netnsName ?? String(netns))),
  textColumn("DIR", "direction", 17, [3, 3], ({ direction }) => direction ?? UNKNOWN),
  numberColumn("SENDQ", "send_queue", 18, ({ sendQueue }) => orUnknown(sendQueue, formatBytes)),
  numberColumn("RECVQ", "recv_queue", 19, ({ recvQueue }) => orUnknown(recvQueue, formatBytes)),
  numberColumn("CWND", "cwnd", 20, ({ cwnd }) => orUnknown(cwnd, String)),
  numberColumn("DRATE", "delivery_rate", 21, ({ deliveryRate }) => orUnknown(deliveryRate, formatBytes)),
  numberColumn("DROPS", "drops", 22, ({ drops }) => orUnknown(drops, String)),
  textColumn("LIMITED", "limited_by", 23, [7, 17], ({ limits }) => limits?.limitedBy ?? UNKNOWN),
];

/** What is to be known of sockets that wait for others to speak. */
export const LISTENING_COLUMNS: readonly ScreenColumn[] = [
  PID,
  COMM,
  textColumn("PROTO", "proto", 4, [5, 5], ({ proto }) => proto),
  endpointColumn("LOCAL", "local_addr", 2, local),
  numberColumn("ACCEPTQ", "accept_queue", 3, ({ acceptQueue }) => orUnknown(acceptQueue, String)),
  numberColumn("LIMIT", "accept_limit", 6, ({ acceptLimit }) => orUnknown(acceptLimit, String)),
  numberColumn("DROPS", "drops", 7, ({ drops }) => orUnknown(drops, String)),
  textColumn("USER", "user", 8, [6, 16], ({ process }) => harmless(process?.user ?? UNKNOWN)),
  textColumn("CONTAINER", "container", 9, [9, 30], ({ process }) => harmless(process?.container ?? UNKNOWN)),
];

function textColumn(
  title: string,
  sortedBy: ColumnName,
  priority: number,
  [minWidth, maxWidth]: readonly [number, number],
  text: ScreenColumn["text"],
): ScreenColumn {
  return { title, sortedBy, alignment: "left", minWidth, maxWidth, keeps: "start", priority, text };
}

function endpointColumn(
  title: string,
  sortedBy: ColumnName,
  priority: number,
  text: ScreenColumn["text"],
): ScreenColumn {
  return {
    ...textColumn(title, sortedBy, priority, [SHORT_ENDPOINT, LONGEST_ENDPOINT], text),
    keeps: "port",
  };
}

/** A column of numbers, which are never cut. */
export function numberColumn<Row = Connection, SortName extends string = ColumnName>(
  title: string,
  sortedBy: SortName,
  priority: number,
  text: ScreenColumn<Row, SortName>["text"],
): ScreenColumn<Row, SortName> {
  return {
    title,
    sortedBy,
    alignment: "right",
    minWidth: null,
    maxWidth: null,
    keeps: "start",
    priority,
    text,
  };
}

/** `1234`, or `1234+3` where three other processes own it too. */
function owner(connection: Connection): string {
  const { pid, owners } = connection;
  if (pid === null) return UNKNOWN;
  const others = new Set(owners.map((one) => one.pid));
  others.delete(pid);
  return others.size === 0 ? pid.toString() : `${pid}+${others.size}`;
}

function local({ localAddr, localPort }: Connection): string {
  return harmless(formatEndpoint(localAddr, localPort));
}

function remote(connection: Connection, { hostNames }: RowContext): string {
  if (!hasPeer(connection)) return "*";
  const { remoteAddr, remotePort } = connection;
  const name = hostNames?.get(remoteAddr);
  return harmless(name === undefined ? formatEndpoint(remoteAddr, remotePort) : `${name}:${remotePort}`);
}

function state(connection: Connection): string {
  if (!connection.closed) return connection.state;
  const { endReason } = connection;
  return endReason === null || endReason === "closed" ? "closed" : `closed: ${endReason}`;
}

function orUnknown(value: number | null, format: (value: number) => string): string {
  return value === null ? UNKNOWN : format(value);
}
