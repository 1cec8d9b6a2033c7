import { describe, expect, test } from "vitest";
import type { Connection } from "../../src/model/connection.js";
import { createGroupSink } from "../../src/output/create-sink.js";
import type { Frame, OutputFormat } from "../../src/output/sink.js";
import { OUTPUT_FORMATS } from "../../src/output/sink.js";
import { type Group, groupConnections } from "../../src/view/group/group.js";
import { GROUP_COLUMNS } from "../../src/view/group/group-columns.js";
import { groupScreenColumns, listeningGroupColumns } from "../../src/view/group/group-screen-columns.js";
import type { GroupBy } from "../../src/view/group/grouping.js";
import { exampleConnection, listeningSocket, unknownConnection } from "../model/example-connection.js";
import { readCsv } from "./csv-reader.js";
import { exampleFrame, VARIED_ROWS } from "./example-frame.js";

function frameOf(by: GroupBy, connections: readonly Connection[]): Frame<Group> {
  const frame = exampleFrame(connections);
  const context = { time: "", readNs: frame.snapshot.readNs, host: frame.host };
  return { ...frame, rows: groupConnections(connections, by, context) };
}

function text(
  format: OutputFormat,
  by: GroupBy,
  connections: readonly Connection[],
  width: number | null = null,
): string {
  return createGroupSink(format, width, groupScreenColumns(by)).frame(frameOf(by, connections));
}

const CONNECTIONS = [
  exampleConnection(),
  exampleConnection({ rttUs: 85, closed: true, txRate: null }),
  listeningSocket(),
  unknownConnection(),
];

describe("a table", () => {
  test("has a line for each group, with the name of what has no key", () => {
    const lines = text("table", "process", CONNECTIONS).split("\n");
    expect(lines.slice(1, 6)).toEqual([
      "PID     COMM  CONNS TX/s RX/s    TX    RX MEDRTT MAXRTT RETR",
      "1234    curl      2  120 198k 10.2k 2.47M   85us 12.3ms    4",
      "80      nginx     1    -    -     -     -      -      -    -",
      "unknown -         1    -    -     -     -      -      -    2",
      "5 open, 1 listening, 40 closed, 3 shown; tx 340kB/s, rx 1.00kB/s; since start tx 1.20GB, rx 3.46MB",
    ]);
  });

  test("of listening sockets has the sums of their accept queues", () => {
    const sockets = [
      listeningSocket(),
      { ...listeningSocket(), id: "13", acceptQueue: 100, acceptLimit: 4096 },
      { ...listeningSocket(), id: "14", pid: 7, comm: "dhcpd", acceptQueue: null, acceptLimit: null },
    ];
    const sink = createGroupSink("table", 80, listeningGroupColumns("process"));
    expect(sink.frame(frameOf("process", sockets)).split("\n").slice(1, 4)).toEqual([
      "PID COMM  SOCKETS ACCEPTQ LIMIT",
      "80  nginx       2     103  4224",
      "7   dhcpd       1       -     -",
    ]);
  });

  test("has no column for names where there are none", () => {
    expect(text("table", "user", CONNECTIONS).split("\n").slice(1, 3)).toEqual([
      "USER     CONNS TX/s RX/s    TX    RX MEDRTT MAXRTT RETR",
      "www-data     2  120 198k 10.2k 2.47M   85us 12.3ms    4",
    ]);
  });

  test("fits the terminal", () => {
    const widths = text("table", "container", VARIED_ROWS, 40)
      .split("\n")
      .map((line) => line.length);
    expect(Math.max(...widths)).toBeLessThanOrEqual(40);
  });
});

test("a line of ndjson has its type and every column, unknown is null", () => {
  const lines = text("ndjson", "process", CONNECTIONS)
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(lines.map(({ type }) => type)).toEqual(["group", "group", "group", "summary"]);
  expect(Object.keys(lines[0])).toEqual(["type", ...GROUP_COLUMNS.map(({ name }) => name)]);
  expect(lines[0]).toEqual({
    type: "group",
    time: "2026-11-23T08:30:00.123Z",
    host: "web1",
    group_by: "process",
    group: "1234",
    name: "curl",
    connections: 2,
    closed_connections: 1,
    tx_bytes: 10_240,
    rx_bytes: 2_469_134,
    tx_rate: 120,
    rx_rate: 197_532,
    median_rtt_us: 85,
    max_rtt_us: 12_345,
    retrans: 4,
    retrans_bytes: 5792,
    send_queue: 0,
    recv_queue: 1024,
    accept_queue: null,
    accept_limit: null,
  });
  expect(lines[2]).toMatchObject({ group: null, name: null, connections: 1, tx_bytes: null });
  expect(lines[3]).toMatchObject({ shown: 3 });
});

test("csv has the names of the columns once, and a record for each group", () => {
  const { preamble } = createGroupSink("csv", null, groupScreenColumns("user"));
  const [names = [], ...records] = readCsv(preamble + text("csv", "user", CONNECTIONS));
  expect(names).toEqual(GROUP_COLUMNS.map(({ name }) => name));
  expect(records.map((record) => record[names.indexOf("group")])).toEqual(["www-data", "root", ""]);
});

test.each(OUTPUT_FORMATS)("no hostile name gets through as %s", (format) => {
  for (const by of ["process", "user", "container"] as const) {
    expect(text(format, by, VARIED_ROWS).replaceAll(/\r?\n/g, "")).not.toMatch(
      /[\p{Cc}\p{Bidi_Control}\p{Zl}]/u,
    );
  }
});
