import { addressSortKey } from "../../model/address.js";
import type { SortValue } from "../../model/column.js";
import { hasPeer } from "../../model/columns.js";
import type { Connection } from "../../model/connection.js";
import { nameOfPort } from "../../model/port-names.js";
import { harmless } from "../../model/text.js";

export const GROUP_BYS = ["process", "remote", "local-port", "container", "user", "state"] as const;

/** The key, by state, of connections that have ended. */
export const ENDED = "closed";

/** What connections of one group have in common. */
export type GroupBy = (typeof GROUP_BYS)[number];

/** What a connection is grouped by; null where it has none, or it is not known. */
export type GroupKey = string | number | null;

export interface Grouping {
  readonly by: GroupBy;
  readonly key: (connection: Connection) => GroupKey;
  /** What the key is called, told by any one of the group; null for no name. */
  readonly name: (connection: Connection) => string | null;
  /** What keys are compared by. */
  readonly sortValue: (key: GroupKey) => SortValue;
  /** What it is by, in words. */
  readonly called: string;
  /** Above the keys on a screen. */
  readonly keyTitle: string;
  /** Above the names on a screen; null where groups have none. */
  readonly nameTitle: string | null;
  /** One sentence, for the documentation. */
  readonly doc: string;
}

const GROUPINGS: Readonly<Record<GroupBy, Grouping>> = {
  process: {
    by: "process",
    called: "process",
    key: ({ pid }) => pid,
    name: ({ comm }) => orNull(comm),
    sortValue: itself,
    keyTitle: "PID",
    nameTitle: "COMM",
    doc: "`pid`; the name is the process's. A connection that several processes own is that of its `pid` only: in one group, not in several.",
  },
  remote: {
    by: "remote",
    called: "remote host",
    key: (connection) => (hasPeer(connection) ? harmless(connection.remoteAddr) : null),
    name: noName,
    sortValue: (key) => (typeof key === "string" ? addressSortKey(key) : null),
    keyTitle: "REMOTE",
    nameTitle: null,
    doc: "`remote_addr`.",
  },
  "local-port": {
    by: "local-port",
    called: "local port",
    key: ({ localPort }) => localPort,
    name: ({ localPort }) => nameOfPort(localPort),
    sortValue: itself,
    keyTitle: "PORT",
    nameTitle: "SERVICE",
    doc: "`local_port`, TCP's and UDP's together; the name is the service that the port is registered for, whatever speaks there.",
  },
  container: {
    by: "container",
    called: "container",
    key: ({ process }) => orNull(process?.container ?? null),
    name: noName,
    sortValue: itself,
    keyTitle: "CONTAINER",
    nameTitle: null,
    doc: "`container`.",
  },
  user: {
    by: "user",
    called: "user",
    key: ({ process }) => orNull(process?.user ?? null),
    name: noName,
    sortValue: itself,
    keyTitle: "USER",
    nameTitle: null,
    doc: "`user`.",
  },
  state: {
    by: "state",
    called: "state",
    key: ({ closed, state }) => (closed ? ENDED : state),
    name: noName,
    sortValue: itself,
    keyTitle: "STATE",
    nameTitle: null,
    doc: "`state`; connections that have ended are one group, `closed`, whatever their last state.",
  },
};

export function groupingBy(by: GroupBy): Grouping {
  return GROUPINGS[by];
}

function orNull(text: string | null): string | null {
  return text === null ? null : harmless(text);
}

function noName(): null {
  return null;
}

function itself(key: GroupKey): SortValue {
  return key;
}
