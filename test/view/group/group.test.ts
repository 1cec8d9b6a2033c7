import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Column, rowContext } from "../../../src/model/column.js";
import { COLUMNS, findColumn } from "../../../src/model/columns.js";
import type { Connection } from "../../../src/model/connection.js";
import { type Group, groupConnections } from "../../../src/view/group/group.js";
import { GROUP_COLUMNS } from "../../../src/view/group/group-columns.js";
import { GROUP_BYS, type GroupBy } from "../../../src/view/group/grouping.js";
import {
  exampleConnection,
  listeningSocket,
  READ_NS,
  unknownConnection,
} from "../../model/example-connection.js";

const CONTEXT = rowContext({ timeMs: 0, readNs: READ_NS }, "web1");

function groups(by: GroupBy, connections: readonly Connection[]): readonly Group[] {
  return groupConnections(connections, by, CONTEXT);
}

describe("connections are together by", () => {
  const connections = [
    exampleConnection(),
    exampleConnection({ pid: 7, comm: "nginx", localPort: 443, remoteAddr: "2001:db8::1", process: null }),
    exampleConnection({ closed: true, state: "LAST_ACK" }),
    listeningSocket(),
    unknownConnection(),
  ];

  test.each<readonly [GroupBy, readonly (readonly [string | number | null, string | null, number])[]]>([
    [
      "process",
      [
        [1234, "curl", 2],
        [7, "nginx", 1],
        [80, "nginx", 1],
        [null, null, 1],
      ],
    ],
    [
      "remote",
      [
        ["198.51.100.7", null, 3],
        ["2001:db8::1", null, 1],
        [null, null, 1],
      ],
    ],
    [
      "local-port",
      [
        [43210, null, 3],
        [443, "https", 1],
        [80, "http", 1],
      ],
    ],
    [
      "container",
      [
        ["fetch.service", null, 2],
        [null, null, 2],
        ["docker:0123456789ab", null, 1],
      ],
    ],
    [
      "user",
      [
        ["www-data", null, 2],
        [null, null, 2],
        ["root", null, 1],
      ],
    ],
    [
      "state",
      [
        ["ESTABLISHED", null, 3],
        ["closed", null, 1],
        ["LISTEN", null, 1],
      ],
    ],
  ])("%s", (by, expected) => {
    const found = groups(by, connections).map(({ key, name, connections: { length } }) => [
      key,
      name,
      length,
    ]);
    expect(found).toEqual(expected);
  });

  test("text from outside, which is harmless", () => {
    const process = { startedNs: 0, cmdline: null, user: "a\u001bb", cgroup: null, container: "c\u202ed" };
    const hostile = exampleConnection({ comm: "x\n", process, remoteAddr: "::\u0007" });
    expect(GROUP_BYS.map((by) => groups(by, [hostile])[0]?.key)).toEqual([
      1234,
      "::",
      43210,
      "cd",
      "ab",
      "ESTABLISHED",
    ]);
    expect(groups("process", [hostile])[0]?.name).toBe("x");
  });
});

test("what the group's process is called is told by any that knows", () => {
  const named = groups("process", [exampleConnection({ comm: null }), exampleConnection({ comm: "b" })]);
  expect(named).toMatchObject([{ key: 1234, name: "b" }]);
});

test("no connections are no groups", () => {
  expect(groups("process", [])).toEqual([]);
});

test.each([
  [[5], 5, 5],
  [[9, 1], 1, 9],
  [[9, 1, 2], 2, 9],
  [[4, null, 3, 2, 1], 2, 4],
  [[null], null, null],
])("of the round trip times %j the median is %j and the largest %j", (rtts, median, max) => {
  const connections = rtts.map((rttUs) => exampleConnection({ rttUs }));
  expect(groups("user", connections)).toMatchObject([{ medianRttUs: median, maxRttUs: max }]);
});

const SUMMED = GROUP_COLUMNS.filter(({ doc }) => doc.startsWith("Sum of"));

test("ten columns are sums", () => {
  expect(SUMMED.map(({ name }) => name).join(" ")).toBe(
    "tx_bytes rx_bytes tx_rate rx_rate retrans retrans_bytes send_queue recv_queue accept_queue accept_limit",
  );
});

test("every connection is in one group, and each sum is that of the rows as they are shown", () => {
  const amount = fc.option(
    fc.oneof(fc.nat(3), fc.double({ min: 0, max: 1e12, noNaN: true }), fc.nat(2 ** 31)),
  );
  const connection = fc
    .record({
      pid: fc.option(fc.nat(3)),
      remoteAddr: fc.constantFrom("10.0.0.1", "::1"),
      remotePort: fc.constantFrom(0, 443),
      localPort: fc.nat(2),
      closed: fc.boolean(),
      txBytes: amount,
      rxBytes: amount,
      txRate: amount,
      rxRate: amount,
      retrans: amount,
      retransBytes: amount,
      sendQueue: amount,
      recvQueue: amount,
      acceptQueue: amount,
      acceptLimit: amount,
    })
    .map(exampleConnection);
  fc.assert(
    fc.property(fc.array(connection, { maxLength: 40 }), fc.constantFrom(...GROUP_BYS), (connections, by) => {
      const found = groups(by, connections);
      expect(new Set(found.map(({ key }) => key)).size).toBe(found.length);
      const members = found.flatMap((group) => group.connections);
      expect(members).toHaveLength(connections.length);
      expect(new Set(members)).toEqual(new Set(connections));
      for (const group of found) {
        expect(group.connections.length).toBeGreaterThan(0);
        for (const column of SUMMED) expectSum(column.value(group, CONTEXT), column.name, group);
      }
    }),
  );
});

function expectSum(sum: unknown, name: string, group: Group): void {
  const column: Column | undefined = findColumn(name);
  const values = group.connections.map((connection) => column?.value(connection, CONTEXT) ?? null);
  const known = values.filter((value) => typeof value === "number");
  expect(sum).toBe(known.length === 0 ? null : known.reduce((total, value) => total + value, 0));
}

test("the sums have the units of what they sum up, and the other columns other names", () => {
  const schema: ReadonlyMap<string, Column> = new Map(COLUMNS.map((column) => [column.name, column]));
  for (const { name, unit } of SUMMED) expect(schema.get(name)?.unit).toBe(unit);
  const others = GROUP_COLUMNS.filter((column) => !SUMMED.includes(column)).map(({ name }) => name);
  expect(others.filter((name) => schema.has(name))).toEqual(["time", "host"]);
});
