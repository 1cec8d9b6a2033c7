import { describe, expect, test } from "vitest";
import { type Column, defaultDirection, rowContext, type SortValue } from "../../src/model/column.js";
import { COLUMNS, findColumn } from "../../src/model/columns.js";
import type { Connection } from "../../src/model/connection.js";
import { exampleConnection, listeningSocket, READ_NS, unknownConnection } from "./example-connection.js";

const CONTEXT = rowContext({ timeMs: Date.UTC(2026, 10, 23, 8, 30, 0, 5), readNs: READ_NS }, "web1");

function column(name: string): Column {
  const found = findColumn(name);
  if (found === undefined) throw new Error(`no column ${name}`);
  return found;
}

function values(connection: Connection): Readonly<Record<string, unknown>> {
  return Object.fromEntries(COLUMNS.map(({ name, value }) => [name, value(connection, CONTEXT)]));
}

function sortValue(name: string, connection: Connection): SortValue {
  return column(name).sortValue(connection, CONTEXT);
}

test("the schema has these columns in this order", () => {
  expect(COLUMNS.map(({ name }) => name).join(" ")).toBe(
    "time host id proto family local_addr local_port remote_addr remote_port device direction state pid comm cmdline " +
      "user cgroup container netns netns_inode owners owner_source tx_bytes rx_bytes tx_rate rx_rate rtt_us rttvar_us " +
      "min_rtt_us retrans retrans_bytes cwnd delivery_rate send_queue recv_queue accept_queue accept_limit drops idle_ms limited_by age_ms " +
      "closed end_reason",
  );
});

test("an ordinary connection", () => {
  expect(values(exampleConnection())).toEqual({
    time: "2026-11-23T08:30:00.005Z",
    host: "web1",
    id: "4711",
    proto: "tcp",
    family: "4",
    local_addr: "192.0.2.1",
    local_port: 43210,
    remote_addr: "198.51.100.7",
    remote_port: 443,
    device: "eth0",
    direction: "out",
    state: "ESTABLISHED",
    pid: 1234,
    comm: "curl",
    cmdline: "curl -sSf https://198.51.100.7/",
    user: "www-data",
    cgroup: "/system.slice/fetch.service",
    container: "fetch.service",
    netns: "4026531840",
    netns_inode: 4026531840,
    owners: [1234],
    owner_source: "connect",
    tx_bytes: 5120,
    rx_bytes: 1_234_567,
    tx_rate: 120,
    rx_rate: 98_766,
    rtt_us: 12_345,
    rttvar_us: 678,
    min_rtt_us: 11_900,
    retrans: 2,
    retrans_bytes: 2896,
    cwnd: 10,
    delivery_rate: 250_000,
    send_queue: 0,
    recv_queue: 512,
    accept_queue: null,
    accept_limit: null,
    drops: null,
    idle_ms: null,
    limited_by: null,
    age_ms: 3250,
    closed: false,
    end_reason: null,
  });
});

test("what is unknown is null, never 0 or an empty string", () => {
  const unknown = values(unknownConnection());
  const nulls = Object.keys(unknown).filter((name) => unknown[name] === null);
  expect(nulls.join(" ")).toBe(
    "device direction pid comm cmdline user cgroup container owners owner_source tx_bytes rx_bytes tx_rate rx_rate " +
      "rtt_us rttvar_us min_rtt_us delivery_rate send_queue recv_queue accept_queue accept_limit drops idle_ms limited_by age_ms " +
      "end_reason",
  );
});

test("a listening socket has no other end", () => {
  const listening = values(listeningSocket());
  expect([listening["remote_addr"], listening["remote_port"]]).toEqual([null, null]);
  expect([listening["accept_queue"], listening["accept_limit"]]).toEqual([3, 128]);
});

test("a namespace is shown by its name where it has one, beside what it is known by", () => {
  expect(values(exampleConnection({ netnsName: "blue", netns: 4026532200 }))).toMatchObject({
    netns: "blue",
    netns_inode: 4026532200,
  });
});

test("a process that owns a socket in several ways is one owner", () => {
  const owners = [
    { pid: 7, comm: "a", source: "connect" },
    { pid: 7, comm: "a", source: "holder" },
    { pid: 9, comm: "b", source: "holder" },
  ] as const;
  expect(values(exampleConnection({ owners }))["owners"]).toEqual([7, 9]);
});

test("a number that is none is unknown", () => {
  expect(values(exampleConnection({ txRate: Number.NaN, rttUs: Number.POSITIVE_INFINITY }))).toMatchObject({
    tx_rate: null,
    rtt_us: null,
  });
});

test("text from outside is harmless, the host's name too", () => {
  expect(values(exampleConnection({ comm: "\u001b[2Jx", localAddr: "fe80::1%\u0007eth0" }))).toMatchObject({
    comm: "[2Jx",
    local_addr: "fe80::1%eth0",
  });
  expect(rowContext({ timeMs: 0, readNs: 0 }, "we\u001bb1").host).toBe("web1");
});

describe("sorting", () => {
  test("addresses compare as numbers, the missing peer is null", () => {
    const nine = sortValue("remote_addr", exampleConnection({ remoteAddr: "9.0.0.1" }));
    const ten = sortValue("remote_addr", exampleConnection({ remoteAddr: "10.0.0.1" }));
    expect(`${nine}` < `${ten}`).toBe(true);
    expect(sortValue("remote_addr", listeningSocket())).toBeNull();
  });

  test("ids compare as numbers, beyond 2^53 too, then by incarnation", () => {
    const keys = [
      { cookie: 9, incarnation: 2 },
      { cookie: 9, incarnation: 10 },
      { cookie: 10, incarnation: 0 },
      { cookie: 18_446_744_073_709_551_614n, incarnation: 0 },
      { cookie: 18_446_744_073_709_551_615n, incarnation: 0 },
    ].map((identity) => `${sortValue("id", exampleConnection(identity))}`);
    expect(keys.toReversed().toSorted()).toEqual(keys);
  });

  test("owners compare by how many there are, truths false before true", () => {
    expect(sortValue("owners", listeningSocket())).toBe(4);
    expect(sortValue("owners", unknownConnection())).toBeNull();
    expect(sortValue("closed", exampleConnection())).toBe(0);
    expect(sortValue("closed", exampleConnection({ closed: true }))).toBe(1);
  });

  test("numbers are most use from the largest, texts from the first", () => {
    expect(defaultDirection(column("tx_rate"))).toBe("desc");
    expect(defaultDirection(column("owners"))).toBe("desc");
    expect(defaultDirection(column("comm"))).toBe("asc");
  });
});

test("a name that is no column finds none, also not one that every object has", () => {
  expect(findColumn("nosuch")).toBeUndefined();
  expect(findColumn("constructor")).toBeUndefined();
});
