import type { RowContext } from "../../model/column.js";
import { findColumn } from "../../model/columns.js";
import type { Connection } from "../../model/connection.js";
import type { Snapshot } from "../../model/snapshot.js";
import { compileFilter } from "../../view/filter/compile.js";
import type { Group } from "../../view/group/group.js";
import { findGroupColumn, groupColumnOf, groupColumnOrder } from "../../view/group/group-columns.js";
import { groupRows } from "../../view/group/group-tree.js";
import { foldLoopbackPairs } from "../../view/loopback-pairs.js";
import { columnOrder, ordersOf, sortConnections } from "../../view/order.js";
import { listeningShown, matchingRows } from "../../view/select-rows.js";
import type { Order, SortedRows } from "../../view/sorted-rows.js";
import { ConnectionRows, connectionRow, type LiveRow, MadeRows, type RowList } from "./row-list.js";
import type { Settings } from "./settings.js";

/** All rows of a snapshot, in order. The costly step: once for each snapshot and each change of the settings. */
export function liveRows(snapshot: Snapshot, settings: Settings, context: RowContext): RowList {
  const connections = wanted(snapshot, settings, context);
  const { groupBy, held } = settings;
  const rows =
    groupBy === null
      ? flatRows(
          sortConnections(connections, ordersOf(connectionOrder(settings.sort, context), settings.listening)),
          settings.pairs,
        )
      : new MadeRows(treeRows(connections, { ...settings, groupBy }, context));
  return held === null ? rows : new MadeRows(inHeldOrder(rows.all(), held));
}

function wanted(snapshot: Snapshot, settings: Settings, context: RowContext): readonly Connection[] {
  const { base, filter, active, listening, closedMs } = settings;
  const fits = filter === null ? null : compileFilter(filter.parsed);
  const sinceNs = snapshot.readNs - closedMs * 1e6;
  return matchingRows(snapshot, {
    ...base,
    active,
    listening: listeningShown(listening, filter?.parsed ?? null),
    filter: (connection) => isShownStill(connection, sinceNs) && (fits === null || fits(connection, context)),
  });
}

function isShownStill({ closed, closedNs, change }: Connection, sinceNs: number): boolean {
  return !closed || change === "closed" || (closedNs !== null && closedNs >= sinceNs);
}

function connectionOrder(sort: Settings["sort"], context: RowContext): Order | null {
  const column = sort && findColumn(sort.column);
  return sort && column ? columnOrder(column, context, sort.direction) : null;
}

function flatRows(sorted: SortedRows<Connection>, isFolded: boolean): RowList {
  if (!isFolded) return new ConnectionRows(sorted);
  return new MadeRows(
    foldLoopbackPairs(sorted.all()).map((row) =>
      row.kind === "pair" ? connectionRow(row.client, row.server) : connectionRow(row.connection),
    ),
  );
}

function treeRows(
  connections: readonly Connection[],
  settings: Settings & { readonly groupBy: NonNullable<Settings["groupBy"]> },
  context: RowContext,
): readonly LiveRow[] {
  const { groupBy, openGroups, sort } = settings;
  const order = connectionOrder(sort, context);
  const groupColumn = sort && findGroupColumn(groupColumnOf(sort.column));
  const tree = groupRows(
    connections,
    {
      by: groupBy,
      openKeys: openGroups,
      ...(order === null ? {} : { order }),
      ...(sort && groupColumn ? { groupOrder: groupColumnOrder(groupColumn, context, sort.direction) } : {}),
    },
    context,
  );
  return tree.map(
    (row): LiveRow =>
      row.kind === "group"
        ? { kind: "group", key: groupRowKey(row.group), group: row.group, isOpen: row.isOpen }
        : connectionRow(row.connection, null, true),
  );
}

function groupRowKey({ key }: Group): string {
  return `group ${typeof key} ${String(key)}`;
}

/** A group, or a row that stands alone, with the rows below it. */
interface Block {
  readonly head: LiveRow;
  readonly below: LiveRow[];
}

/** Rows that were there keep their place, each below its group; new ones come after them. */
function inHeldOrder(rows: readonly LiveRow[], held: ReadonlyMap<string, number>): readonly LiveRow[] {
  const blocks: Block[] = [];
  for (const row of rows) {
    const isBelow = row.kind === "connection" && row.isIndented;
    const block = blocks.at(-1);
    if (isBelow && block !== undefined) block.below.push(row);
    else blocks.push({ head: row, below: [] });
  }
  const place = ({ key }: LiveRow) => held.get(key) ?? Number.POSITIVE_INFINITY;
  const compare = (a: LiveRow, b: LiveRow) => (place(a) === place(b) ? 0 : place(a) - place(b));
  return blocks
    .toSorted((a, b) => compare(a.head, b.head))
    .flatMap(({ head, below }) => [head, ...below.toSorted(compare)]);
}

/** The places of the rows as they are now. */
export function placesOf(rows: RowList): ReadonlyMap<string, number> {
  return new Map(rows.all().map(({ key }, place) => [key, place]));
}
