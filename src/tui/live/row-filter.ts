import { hasPeer } from "../../model/columns.js";
import type { Connection } from "../../model/connection.js";
import { harmless } from "../../model/text.js";
import type { Comparison, Filter } from "../../view/filter/filter.js";
import { printFilter } from "../../view/filter/print.js";
import type { LiveRow } from "./live-rows.js";

/** A filter, as text, that matches the row and, as far as can be, nothing else. */
export function rowFilter(row: LiveRow | null): string | null {
  if (row === null) return null;
  return row.kind === "group" ? null : harmless(printFilter(filterOf(row.connection)));
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
