import { hasPeer } from "../../model/columns.js";
import type { Connection } from "../../model/connection.js";
import { harmless } from "../../model/text.js";
import type { Comparison, Filter } from "../../view/filter/filter.js";
import { printFilter } from "../../view/filter/print.js";
import type { Group } from "../../view/group/group.js";
import { ENDED, type GroupBy } from "../../view/group/grouping.js";
import type { LiveRow } from "./live-rows.js";

/** What the connections of a group have in common, by the column that says so. */
const GROUP_COLUMNS: Readonly<Record<GroupBy, Comparison["column"]>> = {
  process: "pid",
  remote: "remote_addr",
  "local-port": "local_port",
  container: "container",
  user: "user",
  state: "state",
};

/** A filter, as text, that matches the row and, as far as can be, nothing else; null where none does. */
export function rowFilter(row: LiveRow | null): string | null {
  if (row === null) return null;
  return row.kind === "group" ? groupFilter(row.group) : connectionFilter(row.connection);
}

export function connectionFilter(connection: Connection): string {
  return harmless(printFilter(filterOf(connection)));
}

/** Of those without a key there is none, nor of those that have ended, in whatever state. */
function groupFilter({ by, key }: Group): string | null {
  if (key === null || (by === "state" && key === ENDED)) return null;
  return harmless(printFilter(equals(GROUP_COLUMNS[by], String(key))));
}

function filterOf(connection: Connection): Filter {
  const peer = hasPeer(connection)
    ? [equals("remote_addr", connection.remoteAddr), equals("remote_port", String(connection.remotePort))]
    : [];
  return {
    kind: "and",
    terms: [
      equals("proto", connection.proto),
      equals("local_addr", connection.localAddr),
      equals("local_port", String(connection.localPort)),
      ...peer,
    ],
  };
}

function equals(column: Comparison["column"], value: string): Comparison {
  return { kind: "comparison", column, operator: "=", literals: [value] };
}
