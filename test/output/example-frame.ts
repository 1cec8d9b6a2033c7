import { type Connection, isListening } from "../../src/model/connection.js";
import type { Snapshot } from "../../src/model/snapshot.js";
import type { Frame } from "../../src/output/sink.js";
import {
  exampleConnection,
  listeningSocket,
  READ_NS,
  unknownConnection,
} from "../model/example-connection.js";

export const TIME_MS = Date.UTC(2026, 10, 23, 8, 30, 0, 123);

/** A frame that shows all of its snapshot's connections, and lacks nothing. */
export function exampleFrame(rows: readonly Connection[], changes: Partial<Snapshot> = {}): Frame {
  return {
    host: "web1",
    rung: "tracepoint",
    rows,
    snapshot: {
      timeMs: TIME_MS,
      readNs: READ_NS,
      intervalMs: 1000.4,
      connections: rows,
      untracked: 0,
      totals: {
        open: 5,
        listening: 1,
        states: statesOf(rows),
        closed: 40,
        txBytes: 1_200_000_000,
        rxBytes: 3_456_789,
        txRate: 340_123.4,
        rxRate: 999.6,
        retransRate: 2.5,
        tcp: { txBytes: 1_199_000_000, rxBytes: 3_400_000, txRate: 340_000.4, rxRate: 900 },
        udp: { txBytes: 1_000_000, rxBytes: 56_789, txRate: 123, rxRate: 99.6 },
      },
      processes: new Map(),
      interfaces: {
        ...{ txBytes: 1_260_000_000, rxBytes: 60_123_456, txRate: 357_000.4, rxRate: 11_000 },
        names: ["lo", "eth0"],
        devices: [
          { name: "lo", isStacked: false, txBytes: 5000, rxBytes: 5000, txRate: 1000, rxRate: 1000 },
          {
            ...{ name: "eth0", isStacked: false },
            ...{ txBytes: 1_259_995_000, rxBytes: 60_118_456, txRate: 356_000.4, rxRate: 10_000 },
          },
          { name: "br0", isStacked: true, txBytes: 7, rxBytes: 8, txRate: 0, rxRate: 0 },
        ],
      },
      folded: { connections: 0, txBytes: 0, rxBytes: 0, retransBytes: 0 },
      missedEvents: 0,
      lost: { opens: 0, states: 0, owners: 0, udpEnds: 0 },
      stalled: null,
      ...changes,
    },
  };
}

function statesOf(rows: readonly Connection[]): ReadonlyMap<string, number> {
  const states = new Map<string, number>();
  for (const row of rows) {
    if (row.closed || isListening(row)) continue;
    const state = row.proto === "udp" ? "UDP" : row.state;
    states.set(state, (states.get(state) ?? 0) + 1);
  }
  return states;
}

/** What a snapshot says when everything that can get lost was. */
export const LOSSES: Partial<Snapshot> = {
  untracked: 7,
  folded: { connections: 3, txBytes: 1500, rxBytes: 25, retransBytes: 10 },
  missedEvents: 2,
  lost: { opens: 4, states: 0, owners: 5, udpEnds: 6 },
  stalled: { what: "the walk of network namespace 4026531840", sinceMs: TIME_MS - 3210 },
};

/** One row of every kind that is hard to show. */
export const VARIED_ROWS: readonly Connection[] = [
  exampleConnection(),
  exampleConnection({
    id: "18446744073709551615.2",
    cookie: 18_446_744_073_709_551_615n,
    incarnation: 2,
    family: 6,
    localAddr: "2001:db8:1234:5678:9abc:def0:1234:5678",
    localPort: 65535,
    remoteAddr: "2001:db8::1",
    comm: "ssh",
    pid: 4_194_304,
    owners: [{ pid: 4_194_304, comm: "ssh", source: "connect" }],
  }),
  exampleConnection({ comm: "数据库服务器进程名称很长很长", remoteAddr: "203.0.113.9" }),
  exampleConnection({ comm: "cafe\u0301 nai\u0308ve 👩‍👩‍👧‍👦", rttUs: 85 }),
  exampleConnection({
    comm: "\u001b[2J\u009b31mevil\u202e\u2028",
    netnsName: "bl\u001bue",
    process: {
      startedNs: 20e9,
      cmdline: "=evil\u202e\n--now",
      user: "@\u0007bc",
      cgroup: "/a\u001b[2J,b",
      container: "-\u009bx.service",
    },
  }),
  exampleConnection({ comm: "=cmd|' /C calc'!A0", txRate: 0, txBytes: 0 }),
  unknownConnection(),
  listeningSocket(),
  exampleConnection({ closed: true, closedNs: READ_NS - 3e9, endReason: "fin", state: "LAST_ACK" }),
  exampleConnection({ closed: true, endReason: "reset_by_peer", comm: "postgres: walsender" }),
];
