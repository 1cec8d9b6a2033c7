import { numberColumn, type ScreenColumn } from "../../model/screen-columns.js";
import { formatBytes, formatMicroseconds } from "../../model/units.js";
import type { Group } from "./group.js";
import type { GroupColumnName } from "./group-columns.js";
import { type GroupBy, groupingBy } from "./grouping.js";

/** One column of a table of groups. */
export type GroupScreenColumn = ScreenColumn<Group, GroupColumnName>;

const UNKNOWN = "-";
const NUMBER = 6;
/** Of a group whose connections have no key, or none that is known. */
const UNKNOWN_KEY = "unknown";

/** The columns of a table of groups of connections, from left to right. */
export function groupScreenColumns(by: GroupBy): readonly GroupScreenColumn[] {
  return [
    ...labelColumns(by),
    sumColumn("CONNS", "connections", 5, ({ connections }) => connections.length, String),
    sumColumn("TX/s", "tx_rate", 3, ({ txRate }) => txRate, formatBytes),
    sumColumn("RX/s", "rx_rate", 4, ({ rxRate }) => rxRate, formatBytes),
    sumColumn("TX", "tx_bytes", 6, ({ txBytes }) => txBytes, formatBytes),
    sumColumn("RX", "rx_bytes", 7, ({ rxBytes }) => rxBytes, formatBytes),
    sumColumn("MEDRTT", "median_rtt_us", 8, ({ medianRttUs }) => medianRttUs, formatMicroseconds),
    sumColumn("MAXRTT", "max_rtt_us", 10, ({ maxRttUs }) => maxRttUs, formatMicroseconds),
    sumColumn("RETR", "retrans", 9, ({ retrans }) => retrans, String),
  ];
}

/** The same of groups of listening sockets. */
export function listeningGroupColumns(by: GroupBy): readonly GroupScreenColumn[] {
  return [
    ...labelColumns(by),
    sumColumn("SOCKETS", "connections", 5, ({ connections }) => connections.length, String),
    sumColumn("ACCEPTQ", "accept_queue", 3, ({ acceptQueue }) => acceptQueue, String),
    sumColumn("LIMIT", "accept_limit", 4, ({ acceptLimit }) => acceptLimit, String),
  ];
}

/** The columns of a table of groups of what is shown. */
export function groupTableColumns(by: GroupBy, isListening: boolean): readonly GroupScreenColumn[] {
  return isListening ? listeningGroupColumns(by) : groupScreenColumns(by);
}

function labelColumns(by: GroupBy): readonly GroupScreenColumn[] {
  const { keyTitle, nameTitle } = groupingBy(by);
  const name = nameTitle === null ? [] : [textColumn(nameTitle, "name", 2, ({ name }) => name ?? UNKNOWN)];
  return [textColumn(keyTitle, "group", 1, ({ key }) => (key === null ? UNKNOWN_KEY : String(key))), ...name];
}

function textColumn(
  title: string,
  sortedBy: GroupColumnName,
  priority: number,
  text: (group: Group) => string,
): GroupScreenColumn {
  return {
    title,
    sortedBy,
    alignment: "left",
    minWidth: 10,
    usualWidth: 15,
    roomyWidth: 15,
    maxWidth: 47,
    keeps: "start",
    priority,
    text,
  };
}

function sumColumn(
  title: string,
  sortedBy: GroupColumnName,
  priority: number,
  value: (group: Group) => number | null,
  format: (value: number) => string,
): GroupScreenColumn {
  return numberColumn(title, sortedBy, priority, NUMBER, (group) => {
    const number = value(group);
    return number === null ? UNKNOWN : format(number);
  });
}
