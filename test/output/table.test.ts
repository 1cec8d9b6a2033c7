import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Connection } from "../../src/model/connection.js";
import { LISTENING_COLUMNS } from "../../src/model/screen-columns.js";
import { textWidth } from "../../src/model/text-width.js";
import type { Frame } from "../../src/output/sink.js";
import { tableSink } from "../../src/output/table.js";
import {
  exampleConnection,
  listeningSocket,
  READ_NS,
  unknownConnection,
} from "../model/example-connection.js";
import { exampleFrame, LOSSES, VARIED_ROWS } from "./example-frame.js";

function lines(frame: Frame, width: number | null = null): readonly string[] {
  const text = tableSink(width).frame(frame);
  expect(text.endsWith("\n")).toBe(true);
  return text.slice(0, -1).split("\n");
}

/** The cells of the only row, by the words that they are without the spaces. */
function cells(changes: Parameters<typeof exampleConnection>[0]): readonly string[] {
  return (lines(exampleFrame([exampleConnection(changes)]))[2] ?? "").trim().split(/ +/);
}

test.each([null, 200, 132, 80, 40, 20])("varied rows look like this at width %s", async (width) => {
  const text = tableSink(width).frame(exampleFrame(VARIED_ROWS, LOSSES));
  await expect(text).toMatchFileSnapshot(`../golden/table/varied-${width ?? "unlimited"}.txt`);
});

test("an ordinary frame is time and host, header, rows, and three lines of summary", () => {
  expect(lines(exampleFrame([exampleConnection()]))).toEqual([
    "2026-11-23T08:30:00.123Z  web1",
    " PID COMM LOCAL           REMOTE           STATE       TX/s  RX/s    TX    RX    RTT RETR  AGE",
    "1234 curl 192.0.2.1:43210 198.51.100.7:443 ESTABLISHED  120 98.8k 5.12k 1.23M 12.3ms    2 3.3s",
    "5 open, 1 listening, 40 closed, 1 shown; tx 340kB/s, rx 1.00kB/s; since start tx 1.20GB, rx 3.46MB",
    "tcp tx 340kB/s, rx 900B/s; udp tx 123B/s, rx 100B/s; interfaces tx 357kB/s, rx 11.0kB/s " +
      "(+8 %: headers, ACKs, resends, other protocols, forwarded)",
    "rung tracepoint",
  ]);
});

test("what was lost is said", () => {
  expect(lines(exampleFrame([exampleConnection()], LOSSES)).at(-1)).toBe(
    "rung tracepoint; 7 more open, the table is full; 3 closed folded (tx 1.50kB, rx 25B); 2 events missed; " +
      "6 ends of UDP sockets lost; 5 late owners lost; " +
      "stalled: the walk of network namespace 4026531840 for 3.2 s",
  );
});

test("a blank line stands between frames, nothing before the first", () => {
  const sink = tableSink(null);
  expect([sink.preamble, sink.separator]).toEqual(["", "\n"]);
});

test("a host without connections, and a view that shows none", () => {
  expect(lines(exampleFrame([]))[1]).toBe("no connections");
  const idle = { ...exampleFrame([listeningSocket()]), rows: [] };
  expect(lines(idle)[1]).toBe("no connections");
  const hidden = { ...exampleFrame([exampleConnection()]), rows: [] };
  expect(lines(hidden)[1]).toBe("no connections to show");
  expect(lines(hidden)[2]).toContain(", 0 shown; ");
});

test("before there are two readings the rates are unknown", () => {
  const { totals } = exampleFrame([]).snapshot;
  const first = exampleFrame([], { intervalMs: null, totals: { ...totals, txRate: null, rxRate: null } });
  expect(lines(first)[2]).toContain("tx -, rx -; ");
});

describe("cells", () => {
  test("of what is unknown are dashes", () => {
    expect(cells(unknownConnection())).toEqual([
      "-",
      "-",
      "192.0.2.1:43210",
      "198.51.100.7:443",
      "ESTABLISHED",
      "-",
      "-",
      "-",
      "-",
      "-",
      "2",
      "-",
    ]);
  });

  test("count the other owners", () => {
    const owners = [1234, 5, 6, 7, 7].map((pid) => ({ pid, comm: "w", source: "holder" }) as const);
    expect(cells({ owners })[0]).toBe("1234+3");
  });

  test("of a closed connection say how it ended, and how long it lived", () => {
    const closed = { closed: true, closedNs: READ_NS - 3e9, endReason: "fin" } as const;
    expect(cells(closed).slice(4, 6)).toEqual(["closed:", "fin"]);
    expect(cells(closed).at(-1)).toBe("250ms");
    expect(cells({ closed: true, endReason: null })[4]).toBe("closed");
  });

  test("of UDP say so in place of a state, which it does not have", () => {
    const udp = { proto: "udp", state: "ESTABLISHED", rttUs: null, retrans: null } as const;
    const stateOf = (changes: Partial<Connection>) =>
      cells({ ...udp, ...changes })
        .slice(4, -7)
        .join(" ");
    expect(stateOf({})).toBe("udp");
    expect(stateOf({ state: "UNCONN" })).toBe("udp UNCONN");
    expect(stateOf({ closed: true, endReason: "closed" })).toBe("udp closed");
    expect(stateOf({ state: "UNCONN", closed: true, endReason: "idle" })).toBe("udp closed");
    expect(stateOf({ proto: "tcp" })).toBe("ESTABLISHED");
  });

  test("of IPv6 have brackets", () => {
    expect(cells({ localAddr: "::1", remoteAddr: "2001:db8::1" }).slice(2, 4)).toEqual([
      "[::1]:43210",
      "[2001:db8::1]:443",
    ]);
  });
});

test("no line is wider than the terminal, and the columns stand below their titles", () => {
  const comm = fc.string({ unit: "grapheme", maxLength: 40 });
  fc.assert(
    fc.property(
      fc.array(comm, { minLength: 1, maxLength: 5 }),
      fc.integer({ min: 1, max: 160 }),
      (comms, width) => {
        const frame = exampleFrame(
          comms.map((name) => exampleConnection({ comm: name })),
          LOSSES,
        );
        expect(Math.max(...lines(frame, width).map(textWidth))).toBeLessThanOrEqual(width);
        const [, header = "", ...rows] = lines(frame).slice(0, -3);
        expect(new Set(rows.map(textWidth))).toEqual(new Set([textWidth(header)]));
      },
    ),
  );
});

test("listening sockets: where they listen, and their queues", () => {
  const sink = tableSink(80, LISTENING_COLUMNS);
  const [, title, row] = sink.frame(exampleFrame([listeningSocket()])).split("\n");
  expect(title).toBe(" PID COMM  PROTO LOCAL      ACCEPTQ LIMIT DROPS USER CONTAINER");
  expect(row).toBe("80+3 nginx tcp   0.0.0.0:80       3   128     - root docker:0123456789ab");
});
