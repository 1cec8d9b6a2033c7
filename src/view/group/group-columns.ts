import { type Column, integerColumn, type RowContext, stringColumn } from "../../model/column.js";
import { type ColumnName, findColumn } from "../../model/columns.js";
import type { Order } from "../sorted-rows.js";
import type { Group } from "./group.js";
import { GROUP_BYS, groupingBy } from "./grouping.js";

/** One column of what outputs say of a group. */
export type GroupColumn<Name extends string = string> = Column<Name, Group>;

/** The schema of groups: names and order as in all outputs. A name that a connection's column has too means the sum of that. */
export const GROUP_COLUMNS = [
  stringColumn("time", docOf("time"), (_: Group, context) => context.time),
  stringColumn("host", docOf("host"), (_: Group, context) => context.host),
  stringColumn(
    "group_by",
    `What the group has in common: ${GROUP_BYS.map((by) => `\`${by}\``).join(", ")}.`,
    ({ by }: Group) => by,
  ),
  stringColumn(
    "group",
    "That of this group; null for those of which it is not known, or that have none.",
    ({ key }: Group) => (key === null ? null : String(key)),
    (group) => groupingBy(group.by).sortValue(group.key),
  ),
  stringColumn(
    "name",
    "What it is called: the process, the service of the port; else null.",
    ({ name }: Group) => name,
  ),
  integerColumn(
    "connections",
    "connections",
    "How many it has, of those that are shown; also those that have ended.",
    ({ connections }: Group) => connections.length,
  ),
  integerColumn(
    "closed_connections",
    "connections",
    "How many of these have ended.",
    ({ closedConnections }: Group) => closedConnections,
  ),
  sumColumn("tx_bytes", "bytes", ({ txBytes }) => txBytes),
  sumColumn("rx_bytes", "bytes", ({ rxBytes }) => rxBytes),
  sumColumn("tx_rate", "bytes/s", ({ txRate }) => txRate),
  sumColumn("rx_rate", "bytes/s", ({ rxRate }) => rxRate),
  integerColumn(
    "median_rtt_us",
    "µs",
    "Median of the `rtt_us` that are known; of an even number, the smaller of the two in the middle.",
    ({ medianRttUs }: Group) => medianRttUs,
  ),
  integerColumn("max_rtt_us", "µs", "Largest `rtt_us`.", ({ maxRttUs }: Group) => maxRttUs),
  sumColumn("retrans", "segments", ({ retrans }) => retrans),
  sumColumn("retrans_bytes", "bytes", ({ retransBytes }) => retransBytes),
  sumColumn("send_queue", "bytes", ({ sendQueue }) => sendQueue),
  sumColumn("recv_queue", "bytes", ({ recvQueue }) => recvQueue),
  sumColumn("accept_queue", "connections", ({ acceptQueue }) => acceptQueue),
  sumColumn("accept_limit", "connections", ({ acceptLimit }) => acceptLimit),
] as const satisfies readonly GroupColumn[];

export type GroupColumnName = (typeof GROUP_COLUMNS)[number]["name"];

const columnsByName: ReadonlyMap<string, GroupColumn<GroupColumnName>> = new Map(
  GROUP_COLUMNS.map((column) => [column.name, column]),
);

/** The column of that name; undefined when there is none. */
export function findGroupColumn(name: string): GroupColumn<GroupColumnName> | undefined {
  return columnsByName.get(name);
}

/** The column of groups that stands for one of connections: they have the median where those have one value. */
export function groupColumnOf(column: ColumnName): string {
  return column === "rtt_us" ? "median_rtt_us" : column;
}

/** The order of groups by one column. */
export function groupColumnOrder(
  column: GroupColumn,
  context: RowContext,
  direction: "asc" | "desc",
): Order<Group> {
  return { value: (group) => column.sortValue(group, context), direction };
}

function sumColumn<const Name extends string>(
  name: Name,
  unit: string,
  read: (group: Group) => number | null,
): GroupColumn<Name> {
  return integerColumn(name, unit, `Sum of \`${name}\`.`, read);
}

function docOf(name: string): string {
  return findColumn(name)?.doc ?? "";
}
