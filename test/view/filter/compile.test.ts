import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { rowContext } from "../../../src/model/column.js";
import { COLUMNS } from "../../../src/model/columns.js";
import type { Connection } from "../../../src/model/connection.js";
import { compileFilter } from "../../../src/view/filter/compile.js";
import { parseFilter } from "../../../src/view/filter/parse.js";
import { printFilter } from "../../../src/view/filter/print.js";
import {
  exampleConnection,
  listeningSocket,
  READ_NS,
  unknownConnection,
} from "../../model/example-connection.js";
import { filterAndTruth } from "./filter-and-truth.js";

const CONTEXT = rowContext({ timeMs: 0, readNs: READ_NS }, "web1");

function fits(text: string, connection: Connection = exampleConnection()): boolean {
  return compileFilter(parseFilter(text))(connection, CONTEXT);
}

// 192.0.2.1:43210 -> 198.51.100.7:443, curl (1234) of www-data, 120 B/s and 98,766 B/s, RTT 12,345 us, 3.25 s old.
describe("an ordinary connection", () => {
  test.each([
    "tcp",
    "tcp port 443",
    "port https and out",
    "host 198.51.100.0/24",
    "net 192.0.2.0/24 and not host 10.0.0.0/8",
    "remote_addr in (10.0.0.0/8, 198.51.100.7)",
    "remote_addr = 198.51.100.7",
    "remote_addr = ::ffff:198.51.100.7",
    "remote_addr ~ 198.51.*",
    "rx_rate > 98kB/s",
    "rx_rate < 98KiB/s",
    "rx_rate > 790kbit/s and rx_rate < 791kbit/s",
    "rtt > 12ms && rtt < .013s",
    "rtt_us = 12345",
    "age > 3s and age < 1m",
    "rx_bytes >= 1.234567MB",
    "comm curl",
    "comm ~ CUR",
    "comm = curl",
    "cmdline ~ *https://198*",
    "cmdline ~ https",
    "user www-data",
    "pid 1234",
    "owners in (1, 1234)",
    "state established",
    "state != TIME_WAIT",
    "family = 4 and ip and not ip6",
    "open",
    "not closed and closed = false",
    "local_port in (1, 43210)",
    "local_port not in (1, 2)",
    "portrange 400-443",
    "portrange 443-443",
    "local_port in (1, 40000-50000)",
    "id = 4711",
    "container fetch",
    "accept_queue = null",
    "drops = null or drops > 0",
    "host = web1",
    "(udp or tcp) and (in or out)",
    "udp or tcp and out",
  ])("fits %s", (text) => {
    expect(fits(text)).toBe(true);
  });

  test.each([
    "udp",
    "port 80",
    "port != 443",
    "portrange 444-43209",
    "port not in (1, 400-500)",
    "in",
    "host 10.0.0.0/8",
    "addr not in (198.51.100.0/24, 10.0.0.0/8)",
    "remote_addr ~ 51.*",
    "comm = CURL",
    "comm ~ url?",
    "comm ~ c?l",
    "pid 12",
    "closed",
    "listening",
    "accept_queue > 0",
    "accept_queue <= 0",
    "drops != 0",
    "not tcp",
    "tx_rate > 1MB/s",
  ])("does not fit %s", (text) => {
    expect(fits(text)).toBe(false);
  });
});

describe("what is unknown", () => {
  test.each([
    "pid = 1",
    "pid != 1",
    "comm ~ a",
    "comm !~ a",
    "rtt < 1s",
    "rtt >= 0",
    "comm in (a)",
    "comm not in (a)",
  ])("is not %s", (text) => {
    expect(fits(text, unknownConnection())).toBe(false);
  });

  test("is null, and not turns what it stands before", () => {
    expect(fits("pid = null and comm = null and owners = null", unknownConnection())).toBe(true);
    expect(fits("pid != null", unknownConnection())).toBe(false);
    expect(fits("not comm = nginx", unknownConnection())).toBe(true);
    expect(fits('comm = "null"', unknownConnection())).toBe(false);
  });
});

test("listening sockets are those that the view calls so", () => {
  const udp = { proto: "udp", state: "UNCONN", lastMovedNs: null } as const;
  expect(fits("listening", listeningSocket())).toBe(true);
  expect(fits("listening", exampleConnection(udp))).toBe(true);
  expect(fits("listening", exampleConnection({ ...udp, lastMovedNs: 1 }))).toBe(false);
  expect(fits("accept_queue >= 3 and port http", listeningSocket())).toBe(true);
});

test("a filter means what its parts say, also after it has been printed and read", () => {
  const number = fc.option(fc.constantFrom(0, 1, 2, 4.4, 5, 999.6, 2000, 125_000, 5_242_880, 3e6));
  const address = fc.constantFrom("10.0.0.1", "10.1.2.3", "192.0.2.1", "255.255.255.255", "::1");
  const name = fc.option(fc.constantFrom("curl", "a\\", "null", 'a "b"', "CURS1.st", ""));
  const changes = fc.record({
    txRate: number,
    rxRate: number,
    rttUs: number,
    retrans: number,
    pid: fc.option(fc.integer({ min: 1, max: 4 })),
    localAddr: address,
    remoteAddr: address,
    localPort: fc.constantFrom(53, 443, 8080),
    remotePort: fc.constantFrom(0, 53, 443),
    comm: name,
    state: fc.constantFrom("ESTABLISHED", "TIME_WAIT", "LISTEN"),
    closed: fc.boolean(),
    owners: fc.array(
      fc.integer({ min: 1, max: 4 }).map((pid) => ({ pid, comm: "x", source: "holder" }) as const),
      { maxLength: 3 },
    ),
  });
  fc.assert(
    fc.property(
      filterAndTruth,
      fc.array(changes, { minLength: 1, maxLength: 8 }),
      ({ filter, holds }, rows) => {
        const predicate = compileFilter(parseFilter(printFilter(filter)));
        for (const connection of rows.map(exampleConnection)) {
          const values = Object.fromEntries(
            COLUMNS.map((column) => [column.name, column.value(connection, CONTEXT)]),
          );
          expect(predicate(connection, CONTEXT)).toBe(holds(values));
        }
      },
    ),
    { numRuns: 200 },
  );
});

test("a pattern made to be slow is not: hundreds of stars over a long name", () => {
  const pattern = `${"*a".repeat(500)}*b`;
  const comm = "a".repeat(4096);
  expect(fits(`comm ~ ${pattern}`, exampleConnection({ comm }))).toBe(false);
  expect(fits(`comm ~ ${pattern}`, exampleConnection({ comm: `${comm}b` }))).toBe(true);
});
