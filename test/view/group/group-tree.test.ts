import { describe, expect, test } from "vitest";
import { rowContext } from "../../../src/model/column.js";
import type { Connection } from "../../../src/model/connection.js";
import { groupConnections } from "../../../src/view/group/group.js";
import { findGroupColumn, GROUP_COLUMNS, groupColumnOrder } from "../../../src/view/group/group-columns.js";
import { groupRows, sortGroups, type TreeRequest } from "../../../src/view/group/group-tree.js";
import type { GroupBy, GroupKey } from "../../../src/view/group/grouping.js";
import { exampleConnection, READ_NS } from "../../model/example-connection.js";

const CONTEXT = rowContext({ timeMs: 0, readNs: READ_NS }, "web1");

function row(
  cookie: number,
  pid: number | null,
  txRate: number,
  changes: Partial<Connection> = {},
): Connection {
  const id = String(cookie);
  return exampleConnection({ cookie, id, pid, txRate, rxRate: 0, txBytes: 0, rxBytes: 0, ...changes });
}

const ROWS = [row(1, 10, 1), row(2, 20, 5), row(3, 10, 3), row(4, null, 2), row(5, 30, 2)];

/** Groups by their keys, connections by their ids. */
function tree(openKeys: readonly GroupKey[], changes: Partial<TreeRequest> = {}): readonly string[] {
  const request = { by: "process", openKeys: new Set(openKeys), ...changes } as const;
  return groupRows(ROWS, request, CONTEXT).map((line) =>
    line.kind === "group" ? `${line.isOpen ? "-" : "+"} ${line.group.key}` : `  ${line.connection.id}`,
  );
}

describe("a tree", () => {
  test("is closed: groups only, the busiest first, ties by key, the unknown behind them", () => {
    expect(tree([])).toEqual(["+ 20", "+ 10", "+ 30", "+ null"]);
  });

  test("opens: an open group's connections follow it, the busiest first", () => {
    expect(tree([10, null, 99])).toEqual(["+ 20", "- 10", "  3", "  1", "+ 30", "- null", "  4"]);
  });

  test("has orders of its own for groups and for connections", () => {
    const order = { value: ({ cookie }: Connection) => Number(cookie), direction: "asc" } as const;
    const column = findGroupColumn("connections");
    if (column === undefined) throw new Error("no column");
    const groupOrder = groupColumnOrder(column, CONTEXT, "desc");
    expect(tree([10], { order, groupOrder })).toEqual(["- 10", "  1", "  3", "+ 20", "+ 30", "+ null"]);
  });
});

describe("groups sorted by their keys", () => {
  function keys(by: GroupBy, connections: readonly Connection[], direction: "asc" | "desc") {
    const column = findGroupColumn("group");
    if (column === undefined) throw new Error("no column");
    const order = groupColumnOrder(column, CONTEXT, direction);
    return sortGroups(groupConnections(connections, by, CONTEXT), order).map(({ key }) => key);
  }

  test("are in the order of numbers, pids and addresses too; null is last in either direction", () => {
    const pids = [row(1, 100, 0), row(2, null, 0), row(3, 9, 0)];
    expect(keys("process", pids, "asc")).toEqual([9, 100, null]);
    expect(keys("process", pids, "desc")).toEqual([100, 9, null]);
    const hosts = ["10.0.0.1", "9.0.0.1", "::1"].map((remoteAddr, id) => row(id, 1, 0, { remoteAddr }));
    expect(keys("remote", hosts, "asc")).toEqual(["9.0.0.1", "10.0.0.1", "::1"]);
  });
});

test.each(GROUP_COLUMNS.map(({ name }) => [name]))("by %s the order is total", (name) => {
  const column = findGroupColumn(name);
  if (column === undefined) throw new Error("no column");
  const order = groupColumnOrder(column, CONTEXT, "desc");
  const sorted = (rows: readonly Connection[]) =>
    sortGroups(groupConnections(rows, "process", CONTEXT), order).map(({ key }) => key);
  expect(sorted(ROWS)).toEqual(sorted(ROWS.toReversed()));
});
