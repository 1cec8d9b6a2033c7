import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { SortValue } from "../../src/model/column.js";
import { rowContext } from "../../src/model/column.js";
import { COLUMNS, findColumn } from "../../src/model/columns.js";
import type { Connection } from "../../src/model/connection.js";
import { emptySnapshot } from "../../src/model/snapshot.js";
import { BUSIEST_FIRST, columnOrder, ordersOf, sortConnections } from "../../src/view/order.js";
import { exampleConnection } from "../model/example-connection.js";

function connection(id: number | bigint, changes: Partial<Connection> = {}): Connection {
  return exampleConnection({ cookie: id, incarnation: 0, id: String(id), ...changes });
}

function ids(connections: readonly Connection[]): readonly string[] {
  return connections.map(({ id }) => id);
}

const context = rowContext(emptySnapshot(), "host");

function sortedBy(name: string, direction: "asc" | "desc", connections: readonly Connection[]) {
  const column = findColumn(name);
  if (column === undefined) throw new Error(`no column ${name}`);
  return ids(sortConnections(connections, [columnOrder(column, context, direction)]).all());
}

describe("the busiest first", () => {
  it("sorts by both rates together, then by both totals, then by id; what is unknown comes last", () => {
    const rates = (id: number, txRate: number | null, rxRate: number | null, txBytes: number | null = 0) =>
      connection(id, { txRate, rxRate, txBytes, rxBytes: txBytes });
    const connections = [
      rates(1, null, null, null),
      rates(2, null, null, 7),
      rates(3, 0, 0),
      rates(4, 5, null),
      rates(5, 1, 3, 9),
      rates(6, 2, 2, 10),
      rates(7, 0, 0),
    ];
    expect(ids(sortConnections(connections, BUSIEST_FIRST).all())).toEqual([
      "4",
      "6",
      "5",
      "3",
      "7",
      "2",
      "1",
    ]);
  });
});

it("of listening sockets the fullest accept queue comes first, then what dropped most", () => {
  const queue = (id: number, acceptQueue: number | null, acceptLimit: number | null, drops: number | null) =>
    connection(id, { acceptQueue, acceptLimit, drops, txRate: null, rxRate: null });
  const sockets = [
    queue(1, 0, 128, null),
    queue(2, null, null, 0),
    queue(3, 60, 4096, null),
    queue(4, 5, 4, null),
    queue(5, null, null, 7),
    queue(6, 1, 0, null),
  ];
  expect(ids(sortConnections(sockets, ordersOf(null, true)).all())).toEqual(["4", "6", "3", "5", "1", "2"]);
});

describe("the order of a column", () => {
  it("puts null last in either direction", () => {
    const connections = [
      connection(1, { rttUs: null }),
      connection(2, { rttUs: 5 }),
      connection(3, { rttUs: 9 }),
    ];
    expect(sortedBy("rtt_us", "asc", connections)).toEqual(["2", "3", "1"]);
    expect(sortedBy("rtt_us", "desc", connections)).toEqual(["3", "2", "1"]);
  });

  it("compares strings by code unit and addresses as numbers", () => {
    const names = [connection(1, { comm: "b" }), connection(2, { comm: "a" }), connection(3, { comm: "B" })];
    expect(sortedBy("comm", "asc", names)).toEqual(["3", "2", "1"]);
    const addresses = ["10.0.0.1", "9.0.0.1", "2001:db8::1"].map((remoteAddr, index) =>
      connection(index + 1, { remoteAddr }),
    );
    expect(sortedBy("remote_addr", "asc", addresses)).toEqual(["2", "1", "3"]);
  });

  it("breaks ties by cookie and incarnation in ascending order, numbers and bigints together", () => {
    const connections = [
      connection(2n ** 64n - 1n),
      connection(12),
      connection(7, { incarnation: 1, id: "7.1" }),
      connection(7),
      connection(2n ** 63n),
    ];
    const sorted = ["7", "7.1", "12", "9223372036854775808", "18446744073709551615"];
    expect(sortedBy("proto", "asc", connections)).toEqual(sorted);
    expect(sortedBy("proto", "desc", connections)).toEqual(sorted);
  });

  it.each(COLUMNS.map((column) => [column.name]))(
    "%s is total: no matter in which order rows come",
    (name) => {
      const connections = [1, 2, 3, 4].map((id) =>
        connection(id, { txBytes: id % 2, comm: id < 3 ? null : "x", localPort: id % 3, closed: id === 2 }),
      );
      expect(sortedBy(name, "desc", connections)).toEqual(sortedBy(name, "desc", connections.toReversed()));
    },
  );
});

describe("sortConnections", () => {
  it("gives a permutation in which no neighbours are out of order, and changes nothing", () => {
    const values = fc.array(fc.option(fc.nat({ max: 5 })), { maxLength: 30 });
    fc.assert(
      fc.property(values, fc.constantFrom("asc", "desc"), (numbers, direction) => {
        const connections = numbers.map((rttUs, index) => connection(index, { rttUs }));
        const sorted = sortConnections(connections, [{ value: ({ rttUs }) => rttUs, direction }]).all();
        expect(ids(sorted).toSorted()).toEqual(ids(connections).toSorted());
        const keys = sorted.map(({ rttUs }): SortValue => rttUs);
        const known = keys.filter((key) => key !== null).map(Number);
        expect(known).toEqual(known.toSorted((a, b) => (direction === "asc" ? a - b : b - a)));
        expect(keys.slice(known.length).every((key) => key === null)).toBe(true);
        expect(connections.map(({ cookie }) => cookie)).toEqual(numbers.map((_, index) => index));
      }),
    );
  });
});
