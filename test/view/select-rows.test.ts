import { describe, expect, it } from "vitest";
import type { Connection } from "../../src/model/connection.js";
import { emptySnapshot } from "../../src/model/snapshot.js";
import { parseFilter } from "../../src/view/filter/parse.js";
import type { RowRequest } from "../../src/view/select-rows.js";
import { listeningShown, selectRows } from "../../src/view/select-rows.js";
import { exampleConnection } from "../model/example-connection.js";

function row(cookie: number, changes: Partial<Connection> = {}): Connection {
  return exampleConnection({
    cookie,
    id: String(cookie),
    txRate: 0,
    rxRate: 0,
    txBytes: 0,
    rxBytes: 0,
    ...changes,
  });
}

function select(connections: readonly Connection[], request: Partial<RowRequest> = {}) {
  const { rows, hidden } = selectRows(
    { ...emptySnapshot(), connections },
    { listening: false, active: false, ...request },
  );
  return { ids: rows.map(({ id }) => id), hidden };
}

describe("selectRows", () => {
  it("gives all connections but listening sockets, or only these", () => {
    const connections = [row(1), row(2, { state: "LISTEN" }), row(3, { state: "LISTEN", closed: true })];
    expect(select(connections).ids).toEqual(["1"]);
    expect(select(connections, { listening: true }).ids).toEqual(["2", "3"]);
    expect(select(connections, { listening: null }).ids).toEqual(["1", "2", "3"]);
  });

  it("gives one family", () => {
    const connections = [row(1), row(2, { family: 6 })];
    expect(select(connections, { family: 4 }).ids).toEqual(["1"]);
    expect(select(connections, { family: 6 }).ids).toEqual(["2"]);
  });

  it("gives what a process owns, alone or with others", () => {
    const shared = [
      { pid: 10, comm: "a", source: "connect" },
      { pid: 20, comm: "b", source: "holder" },
    ] as const;
    const connections = [row(1, { owners: [] }), row(2, { pid: 10, owners: shared }), row(3)];
    expect(select(connections, { pid: 20 }).ids).toEqual(["2"]);
    expect(select(connections, { pid: 99 }).ids).toEqual([]);
  });

  it("gives what was active: moved, opened or closed in the interval", () => {
    const connections = [
      row(1),
      row(2, { txRate: 1 }),
      row(3, { rxRate: 1, txRate: null }),
      row(4, { change: "opened" }),
      row(5, { change: "closed", closed: true }),
      row(6, { closed: true, txRate: null, rxRate: null }),
    ];
    expect(select(connections, { active: true }).ids.toSorted()).toEqual(["2", "3", "4", "5"]);
  });

  it("has the busiest first among those of which what they are sorted by says nothing", () => {
    const first = (id: number, txBytes: number) => row(id, { txRate: null, rxRate: null, txBytes });
    const order = { value: (connection: Connection) => connection.txRate, direction: "desc" } as const;
    expect(select([first(1, 5), first(2, 70), first(3, 6)], { order }).ids).toEqual(["2", "3", "1"]);
  });

  it("gives what fits a filter, the closed no more than others", () => {
    const connections = [row(1, { comm: "a" }), row(2, { comm: "b", closed: true }), row(3, { comm: "b" })];
    const filter = (connection: Connection) => connection.comm === "b";
    expect(select(connections, { filter }).ids).toEqual(["2", "3"]);
    expect(select(connections, { filter, pid: 99 }).ids).toEqual([]);
  });

  it("sorts the busiest first, or as asked, and says how many rows are beyond the limit", () => {
    const connections = [row(1, { txRate: 1 }), row(2, { rxRate: 3 }), row(3, { txRate: 1, rxRate: 1 })];
    expect(select(connections)).toEqual({ ids: ["2", "3", "1"], hidden: 0 });
    expect(select(connections, { limit: 2 })).toEqual({ ids: ["2", "3"], hidden: 1 });
    const order = { value: (connection: Connection) => connection.txRate, direction: "asc" } as const;
    expect(select(connections, { order, limit: 5 })).toEqual({ ids: ["2", "3", "1"], hidden: 0 });
    expect(select(connections, { limit: 0 })).toEqual({ ids: [], hidden: 3 });
  });
});

describe("listening sockets", () => {
  it("are shown when the option or the filter asks for them", () => {
    expect(listeningShown(false, null)).toBe(false);
    expect(listeningShown(false, parseFilter("port 443 and pid 1"))).toBe(false);
    expect(listeningShown(false, parseFilter("tcp and not (udp or listening)"))).toBeNull();
    expect(listeningShown(false, parseFilter("accept_queue > 0"))).toBeNull();
    expect(listeningShown(true, null)).toBe(true);
    expect(listeningShown(true, parseFilter("state = LISTEN"))).toBe(true);
  });
});
