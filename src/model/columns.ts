import type { Column } from "./column.js";
import {
  addressColumn,
  booleanColumn,
  integerColumn,
  outsideTextColumn,
  pidsColumn,
  portColumn,
  stringColumn,
  wordColumn,
} from "./column.js";
import type { Connection } from "./connection.js";
import { connectionAgeMs } from "./connection.js";
import { LIMITS } from "./limits.js";
import { OWNER_SOURCES } from "./sample.js";
import { END_REASONS, SOCKET_STATES } from "./tcp.js";

/**
 * The schema: every output takes its names, its order and its values from here. Names are never re-used for
 * something else; a column whose source is not there yet is null, so that no reader meets a new shape later.
 */
export const COLUMNS = [
  stringColumn(
    "time",
    "When the snapshot was taken: RFC 3339, UTC, milliseconds.",
    (_, context) => context.time,
  ),
  stringColumn("host", "Name of the host that was observed.", (_, context) => context.host),
  stringColumn(
    "id",
    "The kernel's cookie of the socket in decimal, with `/n` for one of a UDP socket's many peers, and `.n` for the n-th later connection.",
    (connection) => connection.id,
    cookieSortKey,
  ),
  wordColumn("proto", ["tcp", "udp"], "Protocol: `tcp` or `udp`.", (connection) => connection.proto),
  wordColumn("family", ["4", "6"], "`4` or `6`; an IPv4-mapped IPv6 address is IPv4.", (connection) =>
    connection.family === 4 ? "4" : "6",
  ),
  addressColumn("local_addr", "Address of this end.", (connection) => connection.localAddr),
  portColumn("local_port", "Port of this end.", (connection) => connection.localPort),
  addressColumn(
    "remote_addr",
    "Address of the other end; null for a listening socket, and for what a UDP socket moved with peers that are not known.",
    (connection) => (hasPeer(connection) ? connection.remoteAddr : null),
  ),
  portColumn("remote_port", "Port of the other end; null for a listening socket.", (connection) =>
    hasPeer(connection) ? connection.remotePort : null,
  ),
  outsideTextColumn(
    "device",
    "Network device that the socket is bound to, else the one that a TCP connection last received by: its name in the connection's network namespace.",
    (connection) => connection.deviceName,
  ),
  wordColumn(
    "direction",
    ["in", "out"],
    "`in` when the other end opened the connection, `out` when this end did.",
    (connection) => connection.direction,
  ),
  wordColumn(
    "state",
    SOCKET_STATES,
    "State in the kernel's names; for a closed connection the last one before CLOSE. UDP: `ESTABLISHED` with the peer that the socket is connected to, else `UNCONN`.",
    (connection) => connection.state,
  ),
  integerColumn(
    "pid",
    null,
    "Process id of the owner, in the initial pid namespace; of several owners, the one that stands for all.",
    (connection) => connection.pid,
  ),
  outsideTextColumn("comm", "Name of the owner's process.", (connection) => connection.comm),
  outsideTextColumn(
    "cmdline",
    "Command line of the owner, its first 4 KiB.",
    ({ process }) => process?.cmdline ?? null,
  ),
  outsideTextColumn(
    "user",
    "User that the owner runs as: the name on this host, else the number.",
    ({ process }) => process?.user ?? null,
  ),
  outsideTextColumn("cgroup", "Path of the owner's cgroup.", ({ process }) => process?.cgroup ?? null),
  outsideTextColumn(
    "container",
    "Who the owner's cgroup belongs to: a container as `docker:<id>`, a pod as `pod:<uid>/<id>`, else a systemd unit.",
    ({ process }) => process?.container ?? null,
  ),
  outsideTextColumn(
    "netns",
    "Name of the network namespace (of `ip netns`, or the container's), else its inode in decimal.",
    ({ netns, netnsName }) => netnsName ?? netns.toString(),
  ),
  integerColumn(
    "netns_inode",
    null,
    "Inode of the network namespace: unlike its name, unique.",
    ({ netns }) => netns,
  ),
  pidsColumn("owners", "Process ids of all owners; null when none is known.", ownerPids),
  wordColumn(
    "owner_source",
    OWNER_SOURCES,
    "How `pid` is known: it called `connect` or `accept`, it did `io` on the socket, or it is a `holder` of it.",
    (connection) => connection.ownerSource,
  ),
  integerColumn(
    "tx_bytes",
    "bytes",
    "Payload put on the wire at least once, since the connection opened; UDP: payload that send calls took, since the socket was first seen.",
    (connection) => connection.txBytes,
  ),
  integerColumn(
    "rx_bytes",
    "bytes",
    "Payload received in order, since the connection opened; UDP: payload that receive calls returned, since the socket was first seen.",
    (connection) => connection.rxBytes,
  ),
  integerColumn(
    "tx_rate",
    "bytes/s",
    "Growth of `tx_bytes` over the interval; null in the first snapshot.",
    (connection) => connection.txRate,
  ),
  integerColumn(
    "rx_rate",
    "bytes/s",
    "Growth of `rx_bytes` over the interval; null in the first snapshot.",
    (connection) => connection.rxRate,
  ),
  integerColumn("rtt_us", "µs", "Smoothed round trip time.", (connection) => connection.rttUs),
  integerColumn(
    "rttvar_us",
    "µs",
    "Mean deviation of the round trip time.",
    (connection) => connection.rttvarUs,
  ),
  integerColumn(
    "min_rtt_us",
    "µs",
    "Least round trip time in the kernel's window (5 minutes by default).",
    (connection) => connection.minRttUs,
  ),
  integerColumn(
    "retrans",
    "segments",
    "Segments sent again; null for a listening socket.",
    (connection) => connection.retrans,
  ),
  integerColumn(
    "retrans_bytes",
    "bytes",
    "Payload sent again; null for a listening socket.",
    (connection) => connection.retransBytes,
  ),
  integerColumn(
    "cwnd",
    "segments",
    "Congestion window; null for a listening socket.",
    (connection) => connection.cwnd,
  ),
  integerColumn(
    "delivery_rate",
    "bytes/s",
    "Rate at which the network last delivered, as the kernel measured it.",
    (connection) => connection.deliveryRate,
  ),
  integerColumn(
    "send_queue",
    "bytes",
    "Written by the application and not yet acknowledged; null for a listening socket.",
    (connection) => connection.sendQueue,
  ),
  integerColumn(
    "recv_queue",
    "bytes",
    "Received and not yet read by the application; null for a listening socket.",
    (connection) => connection.recvQueue,
  ),
  integerColumn(
    "accept_queue",
    "connections",
    "Connections that wait for accept(); only for a listening socket.",
    (connection) => connection.acceptQueue,
  ),
  integerColumn(
    "accept_limit",
    "connections",
    "How many may wait for accept(); only for a listening socket.",
    (connection) => connection.acceptLimit,
  ),
  integerColumn(
    "drops",
    "datagrams",
    "Datagrams that found the receive buffer of the UDP socket full, since the socket was made.",
    (connection) => connection.drops,
  ),
  integerColumn(
    "idle_ms",
    "ms",
    "Time since the UDP conversation last moved anything.",
    (connection, context) => idleMs(connection, context.readNs),
  ),
  wordColumn(
    "limited_by",
    LIMITS,
    `What keeps its data from moving faster, for at least half of the interval: ${LIMITS.map((limit) => `\`${limit}\``).join(", ")}; the rules are in docs/accuracy.md.`,
    ({ limits }) => limits?.limitedBy ?? null,
  ),
  integerColumn(
    "age_ms",
    "ms",
    "Time since the connection opened, until its close if it closed; null when it is older than tcptop, or its end was not seen.",
    (connection, context) => connectionAgeMs(connection, context.readNs),
  ),
  booleanColumn("closed", "Whether the connection has ended.", (connection) => connection.closed),
  wordColumn(
    "end_reason",
    END_REASONS,
    `How it ended: ${END_REASONS.map((reason) => `\`${reason}\``).join(", ")}.`,
    (connection) => connection.endReason,
  ),
] as const satisfies readonly Column[];

export type ColumnName = (typeof COLUMNS)[number]["name"];

const columnsByName: ReadonlyMap<string, Column<ColumnName>> = new Map(
  COLUMNS.map((column) => [column.name, column]),
);

/** The column of that name; undefined when there is none: names come from users. */
export function findColumn(name: string): Column<ColumnName> | undefined {
  return columnsByName.get(name);
}

function idleMs({ lastMovedNs }: Connection, readNs: number): number | null {
  return lastMovedNs === null ? null : Math.max(0, (readNs - lastMovedNs) / 1e6);
}

/** Whether there is another end: a listening socket has none, the kernel's zeros there are no address. */
export function hasPeer(connection: Connection): boolean {
  return connection.remotePort !== 0;
}

function ownerPids(connection: Connection): readonly number[] | null {
  const { owners } = connection;
  if (owners.length === 0) return null;
  const pids = owners.map((owner) => owner.pid);
  return pids.length === 1 ? pids : [...new Set(pids)];
}

/** Cookies have up to 20 digits, more than a number holds exactly. */
function cookieSortKey(connection: Connection): string {
  const incarnation = connection.incarnation.toString().padStart(10, "0");
  return `${connection.cookie.toString().padStart(20, "0")}.${incarnation}`;
}
