import type { ScreenColumn } from "../../model/screen-columns.js";
import { formatBytes, formatMicroseconds } from "../../model/units.js";
import type { Group } from "./group.js";
import type { GroupColumnName } from "./group-columns.js";
import { type GroupBy, groupingBy } from "./grouping.js";

/** One column of a table of groups. */
export type GroupScreenColumn = ScreenColumn<Group, GroupColumnName>;

const UNKNOWN = "-";
/** Of a group whose connections have no key, or none that is known. */
const UNKNOWN_KEY = "unknown";

/** The columns of a table of groups, from left to right. */
export function groupScreenColumns(by: GroupBy): readonly GroupScreenColumn[] {
  const { keyTitle, nameTitle } = groupingBy(by);
  const name = nameTitle === null ? [] : [textColumn(nameTitle, "name", 2, ({ name }) => name ?? UNKNOWN)];
  return [
    textColumn(keyTitle, "group", 1, ({ key }) => (key === null ? UNKNOWN_KEY : String(key))),
    ...name,
    numberColumn("CONNS", "connections", 5, ({ connections }) => connections.length, String),
    numberColumn("TX/s", "tx_rate", 3, ({ txRate }) => txRate, formatBytes),
    numberColumn("RX/s", "rx_rate", 4, ({ rxRate }) => rxRate, formatBytes),
    numberColumn("TX", "tx_bytes", 6, ({ txBytes }) => txBytes, formatBytes),
    numberColumn("RX", "rx_bytes", 7, ({ rxBytes }) => rxBytes, formatBytes),
    numberColumn("MEDRTT", "median_rtt_us", 8, ({ medianRttUs }) => medianRttUs, formatMicroseconds),
    numberColumn("MAXRTT", "max_rtt_us", 10, ({ maxRttUs }) => maxRttUs, formatMicroseconds),
    numberColumn("RETR", "retrans", 9, ({ retrans }) => retrans, String),
  ];
}

function textColumn(
  title: string,
  sortedBy: GroupColumnName,
  priority: number,
  text: (group: Group) => string,
): GroupScreenColumn {
  return { title, sortedBy, alignment: "left", minWidth: 10, maxWidth: 47, keeps: "start", priority, text };
}

function numberColumn(
  title: string,
  sortedBy: GroupColumnName,
  priority: number,
  value: (group: Group) => number | null,
  format: (value: number) => string,
): GroupScreenColumn {
  const text = (group: Group) => {
    const number = value(group);
    return number === null ? UNKNOWN : format(number);
  };
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
