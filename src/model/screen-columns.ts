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
  /** What its texts usually need: a column of less importance is shown only where this one has as much. */
  readonly usualWidth: number;
  /** What it has on a screen that is drawn again and again, where there is room: columns would jump else. */
  readonly roomyWidth: number;
  /** Where room is scarce it may be cut to this; a number is never cut, so it has none. */
  readonly minWidth: number | null;
  readonly maxWidth: number | null;
  /** What stays of a text that is cut: its beginning; or also what follows the last colon, the port. */
  readonly keeps: "start" | "port";
  /** 1 is the last to go where room is scarce; those to 4 are what a row is about, and are cut before they go. */
  readonly priority: number;
  /** The cell, free of control characters; "-" for unknown. */
  readonly text: (row: Row, context: RowContext) => string;
}

const UNKNOWN = "-";
/** Of most IPv4 addresses all, of IPv6 ones the prefix; with the port. */
const SHORT_ENDPOINT = 17;
/** "[" + 39 digits and colons of IPv6 + "]:65535". */
const LONGEST_ENDPOINT = 47;
const IPV4_ENDPOINT = 21;
/** Three digits with their unit. */
const AMOUNT = 5;
const TIME = 6;

const PID = numberColumn("PID", "pid", 5, 6, owner);
/** The kernel's longest name has 15 bytes. */
const COMM = textColumn("COMM", "comm", 1, [10, 15, 20], ({ comm }) => harmless(comm ?? UNKNOWN));
const PROTO = textColumn("PROTO", "proto", 13, [5, 5, 5], ({ proto }) => proto);
const USER = textColumn("USER", "user", 15, [6, 8, 16], ({ process }) => harmless(process?.user ?? UNKNOWN));
const LIMITED = textColumn(
  "LIMITED",
  "limited_by",
  12,
  [7, 17, 17],
  ({ limits }) => limits?.limitedBy ?? UNKNOWN,
);
const CONTAINER = containerColumn(16);

/** The columns that somebody on call reads, from left to right. */
export const SCREEN_COLUMNS: readonly ScreenColumn[] = [
  PID,
  COMM,
  endpointColumn("LOCAL", "local_addr", 9, 18, local),
  endpointColumn("REMOTE", "remote_addr", 2, IPV4_ENDPOINT, remote),
  { ...textColumn("STATE", "state", 6, [11, 11, 21], state), roomyWidth: 15 },
  numberColumn("TX/s", "tx_rate", 3, AMOUNT, ({ txRate }) => orUnknown(txRate, formatBytes)),
  numberColumn("RX/s", "rx_rate", 4, AMOUNT, ({ rxRate }) => orUnknown(rxRate, formatBytes)),
  numberColumn("TX", "tx_bytes", 10, AMOUNT, ({ txBytes }) => orUnknown(txBytes, formatBytes)),
  numberColumn("RX", "rx_bytes", 11, AMOUNT, ({ rxBytes }) => orUnknown(rxBytes, formatBytes)),
  numberColumn("RTT", "rtt_us", 7, TIME, ({ rttUs }) => orUnknown(rttUs, formatMicroseconds)),
  numberColumn("RETR", "retrans", 8, 4, ({ retrans }) => orUnknown(retrans, String)),
  numberColumn("AGE", "age_ms", 14, TIME, (connection, context) =>
    orUnknown(connectionAgeMs(connection, context.readNs), formatDuration),
  ),
];

/** What there is to choose beside these. */
export const FURTHER_COLUMNS: readonly ScreenColumn[] = [
  PROTO,
  LIMITED,
  USER,
  CONTAINER,
  textColumn("NETNS", "netns", 17, [8, 10, 20], ({ netns, netnsName }) =>
    harmless(netnsName ?? String(netns)),
  ),
  textColumn("DIR", "direction", 18, [3, 3, 3], ({ direction }) => direction ?? UNKNOWN),
  numberColumn("SENDQ", "send_queue", 19, AMOUNT, ({ sendQueue }) => orUnknown(sendQueue, formatBytes)),
  numberColumn("RECVQ", "recv_queue", 20, AMOUNT, ({ recvQueue }) => orUnknown(recvQueue, formatBytes)),
  numberColumn("CWND", "cwnd", 21, 5, ({ cwnd }) => orUnknown(cwnd, String)),
  numberColumn("DRATE", "delivery_rate", 22, AMOUNT, ({ deliveryRate }) =>
    orUnknown(deliveryRate, formatBytes),
  ),
  numberColumn("DROPS", "drops", 23, 5, ({ drops }) => orUnknown(drops, String)),
];

/** What the live view shows unless told otherwise, as far as there is room: the last of them only on wide terminals. */
export const LIVE_COLUMNS: readonly ScreenColumn[] = [
  ...SCREEN_COLUMNS.slice(0, 2),
  PROTO,
  ...SCREEN_COLUMNS.slice(2),
  LIMITED,
  USER,
  CONTAINER,
];

/** What is to be known of sockets that wait for others to speak. */
export const LISTENING_COLUMNS: readonly ScreenColumn[] = [
  PID,
  COMM,
  textColumn("PROTO", "proto", 4, [5, 5, 5], ({ proto }) => proto),
  endpointColumn("LOCAL", "local_addr", 2, IPV4_ENDPOINT, local),
  numberColumn("ACCEPTQ", "accept_queue", 3, 7, ({ acceptQueue }) => orUnknown(acceptQueue, String)),
  numberColumn("LIMIT", "accept_limit", 6, 5, ({ acceptLimit }) => orUnknown(acceptLimit, String)),
  numberColumn("DROPS", "drops", 7, 5, ({ drops }) => orUnknown(drops, String)),
  textColumn("USER", "user", 8, [6, 8, 16], ({ process }) => harmless(process?.user ?? UNKNOWN)),
  containerColumn(9),
];

/** A column of text, with the widths that it is cut to, that it usually needs, and that it never passes. */
export function textColumn(
  title: string,
  sortedBy: ColumnName,
  priority: number,
  [minWidth, usualWidth, maxWidth]: readonly [number, number, number],
  text: ScreenColumn["text"],
): ScreenColumn {
  return {
    title,
    sortedBy,
    alignment: "left",
    minWidth,
    usualWidth,
    roomyWidth: usualWidth,
    maxWidth,
    keeps: "start",
    priority,
    text,
  };
}

function containerColumn(priority: number): ScreenColumn {
  return textColumn("CONTAINER", "container", priority, [9, 12, 30], ({ process }) =>
    harmless(process?.container ?? UNKNOWN),
  );
}

function endpointColumn(
  title: string,
  sortedBy: ColumnName,
  priority: number,
  usualWidth: number,
  text: ScreenColumn["text"],
): ScreenColumn {
  return {
    ...textColumn(title, sortedBy, priority, [SHORT_ENDPOINT, usualWidth, LONGEST_ENDPOINT], text),
    roomyWidth: IPV4_ENDPOINT,
    keeps: "port",
  };
}

/** A column of numbers, which are never cut. */
export function numberColumn<Row = Connection, SortName extends string = ColumnName>(
  title: string,
  sortedBy: SortName,
  priority: number,
  usualWidth: number,
  text: ScreenColumn<Row, SortName>["text"],
): ScreenColumn<Row, SortName> {
  return {
    title,
    sortedBy,
    alignment: "right",
    usualWidth,
    roomyWidth: usualWidth,
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

/** UDP has no states: it says so itself, as PROTO is on wide screens only, and what `ss` says of a socket without a fixed peer. */
function state(connection: Connection): string {
  const { proto, state: current, closed, endReason } = connection;
  if (proto === "udp") {
    if (closed) return "udp closed";
    return current === "UNCONN" ? "udp UNCONN" : "udp";
  }
  if (!closed) return current;
  return endReason === null || endReason === "closed" ? "closed" : `closed: ${endReason}`;
}

function orUnknown(value: number | null, format: (value: number) => string): string {
  return value === null ? UNKNOWN : format(value);
}
