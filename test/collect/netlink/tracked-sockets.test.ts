import { beforeEach, describe, expect, test } from "vitest";
import { TrackedSockets } from "../../../src/collect/netlink/tracked-sockets.js";
import { SocketInodes } from "../../../src/collect/proc/socket-inodes.js";
import { InetDiagMessage } from "../../../src/linux/inet-diag-message.js";
import { memoryOf } from "../../../src/linux/netlink-stream.js";
import type { DiagTable } from "../../../src/linux/sock-diag-messages.js";
import type { ClosedReading, SocketReading } from "../../../src/model/sample.js";
import * as captured from "../../linux/captured-diag-messages.js";
import { type DiagFields, diagMessage } from "../../linux/diag-message-bytes.js";

const NETNS = 4026531840;
const [ESTABLISHED, SYN_SENT, FIN_WAIT2, CLOSE, CLOSE_WAIT, LISTEN] = [1, 2, 5, 7, 8, 10];
const ALL: ReadonlySet<DiagTable> = new Set(["tcp", "udp", "udp6"]);

let inodes: SocketInodes;
let sockets: TrackedSockets;
let hasMiniSocket: boolean | null;
let readNs: number;

beforeEach(() => {
  inodes = new SocketInodes();
  hasMiniSocket = false;
  sockets = new TrackedSockets(inodes, () => hasMiniSocket);
  readNs = 0;
});

function messageOf(bytes: Buffer): InetDiagMessage {
  const memory = memoryOf(bytes);
  const message = new InetDiagMessage(memory);
  message.moveTo(memory, 0, bytes.length);
  return message;
}

/** One read that meets these, whole. */
function read(messages: readonly (Buffer | DiagFields)[], table: DiagTable = "tcp") {
  readNs += 1000;
  sockets.beginRead();
  const found: SocketReading[] = [];
  for (const each of messages) {
    const bytes = Buffer.isBuffer(each) ? each : diagMessage({ info: {}, ...each });
    const reading = sockets.take(messageOf(bytes), table, { netns: NETNS, readNs });
    if (reading !== null) found.push(reading);
  }
  return { found, ended: sockets.endRead(ALL, { netns: NETNS, readNs }) };
}

function end(bytes: Buffer | DiagFields): ClosedReading | null {
  const message = Buffer.isBuffer(bytes)
    ? bytes
    : diagMessage({ info: {}, protocol: 6, state: CLOSE, ...bytes });
  return sockets.end(messageOf(message), { netns: NETNS, readNs: readNs + 1 });
}

describe("bytes while it is open", () => {
  const only = (fields: DiagFields) => read([fields]).found[0];

  test("a captured connection, both sides: the SYN tells the direction", () => {
    expect(read([captured.CLIENT, captured.SERVER, captured.LISTENING]).found).toMatchObject([
      {
        direction: "out",
        txBytes: 1000,
        rxBytes: 500,
        recvQueue: 500,
        sendQueue: 0,
        rttUs: 23,
        cookie: 6246250,
      },
      { direction: "in", txBytes: 500, rxBytes: 1000, recvQueue: 0, state: "ESTABLISHED" },
      { direction: null, txBytes: null, rxBytes: null, state: "LISTEN", acceptQueue: 0, acceptLimit: 7 },
    ]);
  });

  test("in flight: what was sent once", () => {
    const info = { unacked: 3, bytesAcked: 1001, bytesSent: 4000, bytesRetrans: 500 };
    expect(only({ info, sendQueue: 9000 })).toMatchObject({ txBytes: 3500, direction: null });
  });

  test("what died on this host is put right as soon as nothing is in flight, and from then on", () => {
    const dropped = { bytesAcked: 6001, bytesSent: 26_000 };
    only({ state: SYN_SENT, info: { unacked: 1 } });
    expect(only({ info: dropped })).toMatchObject({ txBytes: 6000, direction: "out" });
    const more = { unacked: 1, bytesAcked: 6001, bytesSent: 27_000 };
    expect(only({ info: more })).toMatchObject({ txBytes: 7000 });
    const last = { bytesAcked: 7002, bytesSent: 27_000 };
    expect(end({ info: last })).toMatchObject({ txBytes: 7000 });
  });

  test("where the direction is not known, a socket that listens on the port tells whether there was a SYN", () => {
    const dropped = { info: { bytesAcked: 6001, bytesSent: 26_000 } };
    expect(only(dropped)).toMatchObject({ txBytes: 6000, direction: null });
    const listening = { cookie: 3, state: LISTEN, remotePort: 0 };
    expect(read([listening, { ...dropped, cookie: 2 }]).found[1]).toMatchObject({
      txBytes: 6001,
      direction: null,
    });
  });

  test("our FIN and the peer's are no payload", () => {
    only({ state: SYN_SENT, info: { unacked: 1 } });
    const counts = { bytesAcked: 12, bytesSent: 10, bytesReceived: 6 };
    expect(only({ state: FIN_WAIT2, info: counts })).toMatchObject({ txBytes: 10, rxBytes: 6 });
    const waiting = { bytesAcked: 11, bytesSent: 10, bytesReceived: 7 };
    expect(only({ cookie: 2, state: CLOSE_WAIT, receiveQueue: 3, info: waiting })).toMatchObject({
      ...{ txBytes: 10, rxBytes: 6, recvQueue: 2, direction: "out" },
    });
  });

  test("an older kernel's tcp_info has no bytes sent: unknown", () => {
    const fields = { info: { bytesAcked: 5, bytesReceived: 9 }, infoBytes: 192 };
    expect(only(fields)).toMatchObject({ txBytes: null, rxBytes: 9 });
  });
});

describe("the last word", () => {
  test("captured: both FINs are taken off, also that which came after the last dump", () => {
    read([captured.CLIENT, captured.SERVER]);
    expect(end(captured.DESTROYED_CLIENT)).toMatchObject({
      ...{ txBytes: 1000, rxBytes: 500, endReason: "closed", direction: "out", state: "ESTABLISHED" },
    });
    expect(end(captured.DESTROYED_SERVER)).toMatchObject({ txBytes: 500, rxBytes: 1000, endReason: "fin" });
  });

  test("captured, of connections that no dump met", () => {
    hasMiniSocket = true;
    expect(end(captured.DESTROYED_CLIENT)).toMatchObject({
      ...{ txBytes: 1000, rxBytes: 500, direction: "out", countsFromZero: false, state: "CLOSE" },
    });
    hasMiniSocket = false;
    // One flag: a SYN, or, on the side that was connected to, a FIN.
    expect(end(captured.DESTROYED_SERVER)).toMatchObject({ txBytes: 500, rxBytes: 1000, direction: null });
    expect(end(captured.DESTROYED_UDP)).toMatchObject({
      proto: "udp",
      state: "ESTABLISHED",
      endReason: "closed",
    });
  });

  test("a lone flag is a FIN where a socket listens on the port", () => {
    read([captured.LISTENING]);
    expect(end(captured.DESTROYED_SERVER)).toMatchObject({ direction: "in", endReason: "fin" });
  });

  const moved = { bytesAcked: 12, bytesSent: 10, dataSegmentsIn: 2, bytesReceived: 8 };

  test.each([
    ["still in the queue", 1, true, 7, "fin"],
    ["no mini-socket: the other side closed first", 0, false, 7, "fin"],
    ["a mini-socket: this side closed first", 0, true, 8, "closed"],
    ["not looked up", 0, null, 7, "closed"],
  ] as const)("the peer's FIN after data: %s", (_, receiveQueue, mini, rxBytes, endReason) => {
    hasMiniSocket = mini;
    expect(end({ receiveQueue, info: moved })).toMatchObject({ txBytes: 10, rxBytes, endReason });
  });

  test("nothing of our FIN: a reset, a time-out; which is not known", () => {
    read([{ info: { bytesAcked: 11, bytesSent: 10, bytesReceived: 8, dataSegmentsIn: 2 } }]);
    const info = { ...moved, bytesAcked: 11, dataSegmentsIn: 3 };
    expect(end({ info })).toMatchObject({ txBytes: 10, rxBytes: 8, endReason: "unknown" });
  });

  test("a connection that was never answered", () => {
    expect(end({ sendQueue: 1, info: {} })).toMatchObject({
      ...{ txBytes: 0, rxBytes: 0, direction: "out", endReason: "unknown" },
    });
  });

  test("one that took its connection back has the counters of the last dump", () => {
    read([{ info: { bytesAcked: 11, bytesSent: 10, bytesReceived: 8 } }]);
    expect(end({ remotePort: 0, info: {} })).toMatchObject({ txBytes: 10, rxBytes: 8, endReason: "reset" });
    expect(end({ cookie: 9, remotePort: 0, info: {} })).toBeNull();
  });

  test("of a listening socket", () => {
    read([{ state: LISTEN, remotePort: 0 }]);
    expect(end({ remotePort: 0, info: {} })).toMatchObject({ state: "LISTEN", endReason: "closed" });
  });
});

describe("from read to read", () => {
  const open = { info: { bytesAcked: 11, bytesSent: 10, bytesReceived: 8 }, inode: 77 };

  test("what the first read did not have, and the second has, opened in between", () => {
    expect(read([open]).found).toMatchObject([{ countsFromZero: false }]);
    expect(read([open, { ...open, cookie: 2 }]).found).toMatchObject([
      { cookie: 1, countsFromZero: false },
      { cookie: 2, countsFromZero: true },
    ]);
    expect(end({ cookie: 3, info: {} })).toMatchObject({ countsFromZero: true });
  });

  test("a socket that stands twice is read once; a mini-socket is none", () => {
    expect(read([open, open, { ...open, cookie: 2, state: FIN_WAIT2, timer: 3 }]).found).toHaveLength(1);
  });

  test("missed once it stays, missed twice it is over; its last word then is no second end", () => {
    read([open]);
    expect(read([]).ended).toEqual([]);
    expect(read([]).ended).toMatchObject([{ cookie: 1, txBytes: 10, rxBytes: 8, endReason: "unknown" }]);
    expect(read([]).ended).toEqual([]);
    expect(end({ info: open.info })).toBeNull();
    expect(inodes.has(77)).toBe(false);
  });

  test("missed while its table was not read whole, it stays", () => {
    read([open]);
    for (let times = 0; times < 3; times++) {
      sockets.beginRead();
      expect(sockets.endRead(new Set(["udp"]), { netns: NETNS, readNs })).toEqual([]);
    }
  });

  test("a socket's next connection: other ends, a new SYN, counters that went back, or after it was given up", () => {
    const incarnation = (fields: DiagFields) => read([fields]).found[0]?.incarnation;
    expect(incarnation(open)).toBe(0);
    expect(incarnation({ ...open, remotePort: 2001 })).toBe(1);
    expect(incarnation({ ...open, remotePort: 2001, remoteAddr: [127, 0, 0, 2] })).toBe(2);
    const elsewhere = { ...open, remotePort: 2001, remoteAddr: [127, 0, 0, 2] };
    expect(incarnation({ ...elsewhere, info: { bytesAcked: 1 } })).toBe(3);
    expect(incarnation({ ...elsewhere, state: SYN_SENT, info: { bytesAcked: 1 } })).toBe(4);
    read([]);
    read([]);
    expect(incarnation({ ...elsewhere, info: open.info })).toBe(5);
    expect(end({ ...elsewhere, remotePort: 2002, info: open.info })).toMatchObject({ incarnation: 6 });
  });

  test("inodes are known from accept() on, and forgotten with the socket", () => {
    expect(read([{ ...open, inode: 0 }]).found).toMatchObject([{ direction: "in" }]);
    expect(inodes.has(77)).toBe(false);
    read([open]);
    expect(inodes.cookiesOf(77)).toEqual([1]);
    end({ info: open.info });
    expect(inodes.has(77)).toBe(false);
  });

  test("a namespace that is let go: what it had is over, how is not known", () => {
    read([open, { ...open, cookie: 2, state: LISTEN, remotePort: 0 }]);
    expect(sockets.endAll({ netns: NETNS, readNs })).toMatchObject([
      { cookie: 1, endReason: "unknown" },
      { cookie: 2, endReason: "closed" },
    ]);
    expect(inodes.has(77)).toBe(false);
  });
});

describe("UDP", () => {
  test("rows with drops and without bytes; a peer makes it ESTABLISHED", () => {
    expect(read([captured.UDP], "udp6").found).toMatchObject([
      {
        proto: "udp",
        state: "UNCONN",
        drops: 17,
        txBytes: null,
        rxBytes: null,
        tuple: { family: 6, localAddr: "::1" },
      },
    ]);
    const connected = { state: ESTABLISHED, cookie: 5 };
    expect(read([connected], "udp").found).toMatchObject([{ state: "ESTABLISHED", incarnation: 0 }]);
  });

  test("a socket that finds a peer stays the same, one that finds another begins anew", () => {
    const incarnation = (remotePort: number) =>
      read([{ state: CLOSE, remotePort }], "udp").found[0]?.incarnation;
    expect([0, 2000, 2000, 2001].map(incarnation)).toEqual([0, 0, 0, 1]);
  });

  test("one that never had a port ends without a word", () => {
    expect(end({ protocol: 17, localPort: 0, remotePort: 0 })).toBeNull();
  });
});
