import type { RowContext } from "../../model/column.js";
import type { Connection } from "../../model/connection.js";
import { BUSIEST_FIRST, sortConnections } from "../order.js";
import { compareSortValues, type Order, SortedRows } from "../sorted-rows.js";
import { type Group, groupConnections } from "./group.js";
import { type GroupBy, type GroupKey, groupingBy } from "./grouping.js";

/** A line of a tree that opens and closes: a group, or one of an open group's connections, which follow it. */
export type TreeRow =
  | { readonly kind: "group"; readonly group: Group; readonly isOpen: boolean }
  | { readonly kind: "connection"; readonly group: Group; readonly connection: Connection };

/** How a tree is shown. */
export interface TreeRequest {
  readonly by: GroupBy;
  /** Keys of the groups that are open; of groups that are not there no matter. */
  readonly openKeys: ReadonlySet<GroupKey>;
  /** Default: the busiest first. */
  readonly groupOrder?: Order<Group>;
  /** Of the connections of a group. Default: the busiest first. */
  readonly order?: Order;
}

/** Groups in order, ties by their keys; the group without a key last among its equals. */
export function sortGroups(groups: readonly Group[], order: Order<Group> | null): readonly Group[] {
  return new SortedRows(groups, order === null ? BUSIEST_FIRST : [order], compareKeys).all();
}

/** The rows of a tree of connections, group by group. */
export function groupRows(
  connections: readonly Connection[],
  request: TreeRequest,
  context: RowContext,
): readonly TreeRow[] {
  const { by, openKeys, groupOrder, order } = request;
  const groups = sortGroups(groupConnections(connections, by, context), groupOrder ?? null);
  const orders = order === undefined ? BUSIEST_FIRST : [order];
  const rows: TreeRow[] = [];
  for (const group of groups) {
    const isOpen = openKeys.has(group.key);
    rows.push({ kind: "group", group, isOpen });
    if (!isOpen) continue;
    for (const connection of sortConnections(group.connections, orders).all()) {
      rows.push({ kind: "connection", group, connection });
    }
  }
  return rows;
}

function compareKeys(a: Group, b: Group): number {
  const { sortValue } = groupingBy(a.by);
  return compareSortValues(sortValue(a.key), sortValue(b.key), "asc");
}
