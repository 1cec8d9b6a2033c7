import { hasPeer } from "../../model/columns.js";
import type { Connection } from "../../model/connection.js";
import { harmless } from "../../model/text.js";
import type { Comparison, Literal } from "../../view/filter/filter.js";
import { printFilter } from "../../view/filter/print.js";
import type { Group } from "../../view/group/group.js";
import { ENDED, type GroupBy } from "../../view/group/grouping.js";
import type { LiveRow } from "./row-list.js";

/** What the connections of a group have in common, by the column that says so. */
const GROUP_COLUMNS: Readonly<Record<GroupBy, Comparison["column"]>> = {
  process: "pid",
  remote: "remote_addr",
  "local-port": "local_port",
  container: "container",
  user: "user",
  state: "state",
};

/** A filter, as text, that matches what the row stands for and, as far as can be, nothing else. */
export function rowFilter(row: LiveRow): string {
  if (row.kind === "group") return groupFilter(row.group);
  const { connection, server } = row;
  if (server === null) return connectionFilter(connection);
  return `(${connectionFilter(connection)}) or (${connectionFilter(server)})`;
}

/** Conditions side by side mean "and": so it stays short enough to be copied. */
export function connectionFilter(connection: Connection): string {
  const { proto, localAddr, localPort, remoteAddr, remotePort, netns } = connection;
  const remote = hasPeer(connection)
    ? [equals("remote_addr", remoteAddr), equals("remote_port", String(remotePort))]
    : // The sockets that it has with known peers are rows of their own.
      [equals("remote_port", null)];
  return [
    proto,
    equals("local_addr", localAddr),
    equals("local_port", String(localPort)),
    ...remote,
    // The same addresses can be in any namespace, and names of namespaces are not unique.
    equals("netns_inode", String(netns)),
  ].join(" ");
}

function groupFilter({ by, key }: Group): string {
  if (by === "state") return key === ENDED ? "closed" : `open ${equals("state", textOf(key))}`;
  return equals(GROUP_COLUMNS[by], textOf(key));
}

function textOf(key: Group["key"]): Literal {
  return key === null ? null : String(key);
}

function equals(column: Comparison["column"], value: Literal): string {
  return harmless(printFilter({ kind: "comparison", column, operator: "=", literals: [value] }));
}
