import type { ColumnName } from "../../model/columns.js";
import type { ScreenColumn } from "../../model/screen-columns.js";
import { LISTENING_COLUMNS, LIVE_COLUMNS } from "../../model/screen-columns.js";
import type { WrittenFilter } from "../../view/filter/filter.js";
import type { GroupBy, GroupKey } from "../../view/group/grouping.js";
import type { RowRequest } from "../../view/select-rows.js";

/** What the table shows, and how: what the user can change. */
export interface Settings {
  /** What the command line fixed. */
  readonly base: Pick<RowRequest, "family" | "proto" | "pid">;
  /** null: everything. */
  readonly filter: WrittenFilter | null;
  /** null: the busiest first. */
  readonly sort: { readonly column: ColumnName; readonly direction: "asc" | "desc" } | null;
  readonly groupBy: GroupBy | null;
  readonly openGroups: ReadonlySet<GroupKey>;
  readonly active: boolean;
  readonly listening: boolean;
  /** For how long connections that ended stay. */
  readonly closedMs: number;
  /** Whether both ends on this host are one row. */
  readonly pairs: boolean;
  readonly names: boolean;
  /** Of connections. */
  readonly columns: readonly ScreenColumn[];
  /** Of listening sockets. */
  readonly listeningColumns: readonly ScreenColumn[];
  /** The order that rows are held in, by key; null when they are sorted. */
  readonly held: ReadonlyMap<string, number> | null;
}

export const CLOSED_MS_CHOICES = [5_000, 30_000, 0] as const;

export const DEFAULT_SETTINGS: Settings = {
  base: {},
  filter: null,
  sort: null,
  groupBy: null,
  openGroups: new Set<GroupKey>(),
  active: false,
  listening: false,
  closedMs: CLOSED_MS_CHOICES[0],
  pairs: false,
  names: false,
  columns: LIVE_COLUMNS,
  listeningColumns: LISTENING_COLUMNS,
  held: null,
};

/** Listening sockets have columns of their own. */
export function shownColumns({ listening, columns, listeningColumns }: Settings): readonly ScreenColumn[] {
  return listening ? listeningColumns : columns;
}
