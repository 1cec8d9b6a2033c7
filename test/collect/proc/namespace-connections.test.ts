import { beforeEach, describe, expect, test } from "vitest";
import { NamespaceConnections } from "../../../src/collect/proc/namespace-connections.js";
import { SocketInodes } from "../../../src/collect/proc/socket-inodes.js";
import type { TableConnection } from "../../../src/collect/proc/table-connection.js";
import type { SocketTableRow } from "../../../src/linux/proc-net.js";
import { TCP_STATES, type TcpState } from "../../../src/model/tcp.js";

const ENDS = "0100007F:B037 0100007F:EB36";
const OTHER_ENDS = "0100007F:B037 0100007F:EB40";
const LISTENING = "00000000:0050 00000000:0000";

let inodes: SocketInodes;
let connections: NamespaceConnections;
let nextCookie: () => number;

beforeEach(() => {
  let last = 0;
  inodes = new SocketInodes();
  nextCookie = () => {
    last += 1;
    return last;
  };
  connections = new NamespaceConnections("tcp", nextCookie, inodes);
});

function row(state: TcpState, inode: number, ends = ENDS): SocketTableRow {
  return {
    ends,
    state: TCP_STATES.indexOf(state) + 1,
    inode,
    txQueue: 0,
    rxQueue: 0,
    isMiniSocket: state === "TIME_WAIT",
    uid: 0,
    drops: null,
  };
}

/** One read of the whole table: the cookies of its rows, and of what it found to have ended. */
function read(...rows: readonly SocketTableRow[]): {
  readonly met: (number | null)[];
  readonly ended: number[];
} {
  connections.beginRead();
  const cookie = (connection: TableConnection | null) => connection?.cookie ?? null;
  const met = rows.map((each) => cookie(connections.take(each)));
  return { met, ended: connections.endRead().map((each) => each.cookie) };
}

describe("a connection keeps its cookie", () => {
  test("from read to read", () => {
    expect(read(row("ESTABLISHED", 10), row("ESTABLISHED", 11, OTHER_ENDS)).met).toEqual([1, 2]);
    expect(read(row("ESTABLISHED", 11, OTHER_ENDS), row("CLOSE_WAIT", 10)).met).toEqual([2, 1]);
  });

  test("when it is accepted, and so comes to have a file", () => {
    expect(read(row("ESTABLISHED", 0)).met).toEqual([1]);
    expect(inodes.has(10)).toBe(false);
    expect(read(row("ESTABLISHED", 10)).met).toEqual([1]);
    expect(inodes.cookiesOf(10)).toEqual([1]);
  });

  test("when it is closed, and its file goes before the kernel has sent the rest", () => {
    read(row("ESTABLISHED", 10));
    expect(read(row("FIN_WAIT1", 0)).met).toEqual([1]);
    expect(read(row("FIN_WAIT2", 0)).met).toEqual([1]);
  });

  test("when it is not accepted before the peer has closed, and is closed then", () => {
    read(row("ESTABLISHED", 0));
    expect(read(row("CLOSE_WAIT", 0)).met).toEqual([1]);
    expect(read(row("LAST_ACK", 0)).met).toEqual([1]);
  });

  test("when it is established", () => {
    read(row("SYN_SENT", 10));
    expect(read(row("ESTABLISHED", 10)).met).toEqual([1]);
  });
});

describe("another connection has another cookie", () => {
  test("with another file at the same ends", () => {
    read(row("ESTABLISHED", 10));
    expect(read(row("ESTABLISHED", 20)).met).toEqual([2]);
    expect(inodes.cookiesOf(20)).toEqual([2]);
  });

  test("that waits to be accepted at the ends of one that was accepted", () => {
    read(row("ESTABLISHED", 10));
    expect(read(row("ESTABLISHED", 0)).met).toEqual([2]);
  });

  test("on the same socket, after a disconnect", () => {
    read(row("ESTABLISHED", 10));
    expect(read(row("SYN_SENT", 10)).met).toEqual([2]);
  });

  test("with the same file at other ends: the subflows of an MPTCP socket", () => {
    expect(read(row("ESTABLISHED", 10), row("ESTABLISHED", 10, OTHER_ENDS)).met).toEqual([1, 2]);
    expect(inodes.cookiesOf(10)).toEqual([1, 2]);
  });

  test("sockets that listen on the same ends", () => {
    const listeners = [
      row("LISTEN", 10, LISTENING),
      row("LISTEN", 11, LISTENING),
      row("LISTEN", 12, LISTENING),
    ];
    expect(read(...listeners).met).toEqual([1, 2, 3]);
    expect(read(...listeners.toReversed()).met).toEqual([3, 2, 1]);
  });
});

describe("what is no connection is none", () => {
  test("mini-sockets and half-open handshakes", () => {
    const { met } = read(row("TIME_WAIT", 0), row("SYN_RECV", 0), {
      ...row("FIN_WAIT2", 0),
      isMiniSocket: true,
    });
    expect(met).toEqual([null, null, null]);
    expect(connections.isEmpty).toBe(true);
  });

  test("a row that stands twice in a table that changes while it is read", () => {
    expect(read(row("ESTABLISHED", 10), row("ESTABLISHED", 10)).met).toEqual([1, null]);
  });
});

describe("a connection has ended", () => {
  test("when two whole reads in a row have missed it: one alone may have skipped it", () => {
    read(row("ESTABLISHED", 10));
    expect(read().ended).toEqual([]);
    expect(read(row("ESTABLISHED", 10)).ended).toEqual([]);
    expect(read().ended).toEqual([]);
    expect(read().ended).toEqual([1]);
    expect(read().ended).toEqual([]);
    expect(connections.isEmpty).toBe(true);
    expect(inodes.has(10)).toBe(false);
  });

  test("at once when its mini-socket is there", () => {
    read(row("ESTABLISHED", 10), row("ESTABLISHED", 11, OTHER_ENDS));
    expect(read(row("TIME_WAIT", 0), row("ESTABLISHED", 11, OTHER_ENDS)).ended).toEqual([1]);
  });

  test("but not while it stands in the table beside its mini-socket", () => {
    read(row("ESTABLISHED", 10));
    expect(read(row("FIN_WAIT1", 0), row("TIME_WAIT", 0)).ended).toEqual([]);
    expect(read(row("TIME_WAIT", 0)).ended).toEqual([1]);
  });

  test("whatever becomes of reads that broke off", () => {
    read(row("ESTABLISHED", 10));
    for (let times = 0; times < 5; times++) connections.beginRead();
    expect(read(row("ESTABLISHED", 10))).toEqual({ met: [1], ended: [] });
  });

  test("its place is free for the next", () => {
    read(row("ESTABLISHED", 10));
    expect(read(row("ESTABLISHED", 20)).met).toEqual([2]);
    expect(read(row("ESTABLISHED", 20))).toEqual({ met: [2], ended: [1] });
    expect(inodes.cookiesOf(20)).toEqual([2]);
  });
});

describe("the direction is told by what only one side can be", () => {
  const direction = (each: SocketTableRow) => connections.take(each)?.direction;

  test.each<readonly [string, SocketTableRow, "in" | "out" | null]>([
    ["out: it connects", row("SYN_SENT", 10), "out"],
    ["in: it waits to be accepted", row("ESTABLISHED", 0), "in"],
    ["unknown: it may have been either", row("ESTABLISHED", 10), null],
    ["unknown: closed before it was seen", row("FIN_WAIT1", 0), null],
    ["none: it listens", row("LISTEN", 10, LISTENING), null],
  ])("%s", (_, first, expected) => {
    connections.beginRead();
    expect(direction(first)).toBe(expected);
  });

  test("and stays", () => {
    read(row("SYN_SENT", 10), row("ESTABLISHED", 0, OTHER_ENDS));
    connections.beginRead();
    expect([direction(row("ESTABLISHED", 10)), direction(row("ESTABLISHED", 11, OTHER_ENDS))]).toEqual([
      "out",
      "in",
    ]);
  });
});

describe("UDP", () => {
  beforeEach(() => {
    connections = new NamespaceConnections("udp", nextCookie, inodes);
  });

  test("sockets without a peer are rows too, and those that share their ends are told by their inodes", () => {
    const rows = [row("CLOSE", 10, LISTENING), row("CLOSE", 11, LISTENING), row("ESTABLISHED", 12)];
    expect(read(...rows).met).toEqual([1, 2, 3]);
    expect(read(...rows.toReversed()).met).toEqual([3, 2, 1]);
  });

  test("nothing tells a direction, and a later socket on the same ends is another", () => {
    connections.beginRead();
    expect(connections.take(row("ESTABLISHED", 0))?.direction).toBeNull();
    expect(read(row("ESTABLISHED", 10)).met).toEqual([2]);
    expect(read(row("ESTABLISHED", 11)).met).toEqual([3]);
  });
});
