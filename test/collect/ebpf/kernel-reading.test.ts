import { describe, expect, test } from "vitest";
import { KernelClosedReading, KernelReading } from "../../../src/collect/ebpf/kernel-reading.js";
import { holderOf, lateOwnerOf } from "../../../src/collect/ebpf/owner-records.js";
import { readTuple } from "../../../src/collect/ebpf/tuples.js";
import {
  ConnectionRecord,
  DIRECTION,
  HolderRecord,
  OWNER_SOURCE,
  RECORD_FLAGS,
} from "../../../src/linux/records.gen.js";
import { TCP_STATES, type TcpState } from "../../../src/model/tcp.js";
import { connectionBytes, holderBytes, memoryOf } from "./record-bytes.js";

type Values = Parameters<typeof connectionBytes>[0];

const NOT_MEASURED = 0xffff_ffff;
const number = (state: TcpState): number => TCP_STATES.indexOf(state) + 1;

/** A connection that has moved data; every member has a value of its own. */
const MOVING = {
  incarnation: 2,
  cookie: 4711,
  holderCookie: 4712,
  readNs: 3_000_000_007n,
  openedNs: 2_000_000_011n,
  txBytes: 101_000_003n,
  rxBytes: 103_000_009n,
  retransBytes: 1447,
  netns: 4026531840,
  boundDevice: 3,
  receivingDevice: 2,
  ownerPid: 1234,
  ownerComm: "curl",
  ownerSource: OWNER_SOURCE.OWNER_CONNECT,
  srttEighthUs: 8 * 1009 + 7,
  mdevQuarterUs: 4 * 503 + 3,
  minRttUs: 997,
  totalRetrans: 3,
  sndCwnd: 13,
  mss: 1448,
  rateDelivered: 17,
  rateIntervalUs: 1019,
  sendQueue: 107,
  recvQueue: 109,
  acceptQueue: 113,
  acceptLimit: 127,
  clock: 4_294_900_001,
  busyTime: 139,
  rwndLimitedTime: 31,
  sndbufLimitedTime: 37,
  sndWnd: 65_537,
  rcvWnd: 65_539,
  unsent: 101,
  packetsOut: 11,
  lostOut: 5,
  dataSegsOut: 149,
  dataSegsIn: 151,
  congestionAlgorithm: "cubic",
  timeouts: 2,
  flags: RECORD_FLAGS.CWND_LIMITED,
  state: number("ESTABLISHED"),
  direction: DIRECTION.DIRECTION_OUT,
} as const;

function read(values: Values) {
  const memory = memoryOf(connectionBytes(values));
  const record = new ConnectionRecord(memory);
  return new KernelReading(record, readTuple(memory, record.tupleAt));
}

function readClosed(values: Values) {
  const memory = memoryOf(connectionBytes(values));
  const record = new ConnectionRecord(memory);
  return new KernelClosedReading(record, readTuple(memory, record.tupleAt));
}

test("a connection, the kernel's units turned to ours", () => {
  expect(read(MOVING)).toEqual({
    proto: "tcp",
    cookie: 4711,
    incarnation: 2,
    holderCookie: 4712,
    tuple: {
      family: 4,
      localAddr: "127.0.0.1",
      localPort: 40000,
      remoteAddr: "127.0.0.1",
      remotePort: 80,
    },
    netns: 4026531840,
    boundDevice: 3,
    receivingDevice: 2,
    state: "ESTABLISHED",
    direction: "out",
    openedNs: 2_000_000_011,
    readNs: 3_000_000_007,
    txBytes: 101_000_003,
    rxBytes: 103_000_009,
    rttUs: 1009,
    rttvarUs: 503,
    minRttUs: 997,
    retrans: 3,
    retransBytes: 1447,
    cwnd: 13,
    deliveryRate: Math.floor((17 * 1448 * 1e6) / 1019),
    sendQueue: 107,
    recvQueue: 109,
    acceptQueue: null,
    acceptLimit: null,
    drops: null,
    lastMovedNs: null,
    clock: 4_294_900_001,
    revision: null,
    tcp: {
      busyTime: 139,
      receiverWindowTime: 31,
      sendBufferTime: 37,
      isCwndLimited: true,
      isAppLimited: false,
      waitsForRoom: false,
      timeouts: 2,
      inFlight: 11,
      lost: 5,
      unsentBytes: 101,
      sendWindow: 65_537,
      receiveWindow: 65_539,
      mss: 1448,
      dataSegmentsOut: 149,
      dataSegmentsIn: 151,
      congestionAlgorithm: "cubic",
    },
    owner: { pid: 1234, comm: "curl", source: "connect" },
  });
});

test("of a connection that is not established yet there are no details", () => {
  expect(read({ ...MOVING, clock: 0 })).toMatchObject({ tcp: null, clock: null });
});

test("the name of the algorithm is read anew when it is another", () => {
  const names = ["cubic", "bbr", "bbr2", "", "a_name_with_15_c", "cubic"];
  const readNames = names.map((congestionAlgorithm) => read({ ...MOVING, congestionAlgorithm }).tcp);
  expect(readNames.map((tcp) => tcp?.congestionAlgorithm)).toEqual(names.map((name) => name || null));
});

test("a listening socket has queues of its own and no counters", () => {
  const values = { ...MOVING, state: number("LISTEN"), srttEighthUs: 0, mdevQuarterUs: 0, rateIntervalUs: 0 };
  expect(read(values)).toMatchObject({
    state: "LISTEN",
    direction: null,
    txBytes: null,
    rxBytes: null,
    rttUs: null,
    rttvarUs: null,
    minRttUs: null,
    retrans: null,
    retransBytes: null,
    cwnd: null,
    deliveryRate: null,
    sendQueue: null,
    recvQueue: null,
    acceptQueue: 113,
    acceptLimit: 127,
    owner: { pid: 1234 },
  });
});

describe("what has not been measured is null, never 0", () => {
  test("the round trip", () => {
    const before = { ...MOVING, srttEighthUs: 0, mdevQuarterUs: 4_000_000, minRttUs: NOT_MEASURED };
    expect(read(before)).toMatchObject({ rttUs: null, rttvarUs: null, minRttUs: null });
  });

  test("the least round trip, when it is that of the socket's connection before", () => {
    expect(read({ ...MOVING, srttEighthUs: 0 }).minRttUs).toBeNull();
    expect(read({ ...MOVING, minRttUs: NOT_MEASURED }).minRttUs).toBeNull();
  });

  test("a round trip below a microsecond has been measured", () => {
    expect(read({ ...MOVING, srttEighthUs: 7, mdevQuarterUs: 0, minRttUs: 0 })).toMatchObject({
      rttUs: 0,
      rttvarUs: 0,
      minRttUs: 0,
    });
  });

  test("the delivery rate", () => {
    expect(read({ ...MOVING, rateIntervalUs: 0 }).deliveryRate).toBeNull();
    expect(read({ ...MOVING, rateDelivered: 0 }).deliveryRate).toBe(0);
  });

  test("the opening of a connection that is older than the programs", () => {
    expect(read({ ...MOVING, openedNs: 0 }).openedNs).toBeNull();
  });

  test("counters that are 0 are known", () => {
    const idle = {
      ...MOVING,
      txBytes: 0,
      rxBytes: 0,
      totalRetrans: 0,
      retransBytes: 0,
      sendQueue: 0,
      recvQueue: 0,
    };
    expect(read(idle)).toMatchObject({
      txBytes: 0,
      rxBytes: 0,
      retrans: 0,
      retransBytes: 0,
      sendQueue: 0,
      recvQueue: 0,
    });
  });
});

test("counters of a connection that has moved more than 4 GiB", () => {
  const much = 5n * 2n ** 40n + 3n;
  expect(read({ ...MOVING, txBytes: much, rxBytes: much + 1n })).toMatchObject({
    txBytes: Number(much),
    rxBytes: Number(much) + 1,
  });
});

test.each([
  [DIRECTION.DIRECTION_IN, "in"],
  [DIRECTION.DIRECTION_OUT, "out"],
  [DIRECTION.DIRECTION_UNKNOWN, null],
] as const)("direction %s is %s", (direction, expected) => {
  expect(read({ ...MOVING, direction }).direction).toBe(expected);
});

test("every state of the kernel has its name, and one that it may get later is none of a connection", () => {
  for (const state of TCP_STATES) expect(read({ ...MOVING, state: number(state) }).state).toBe(state);
  expect(read({ ...MOVING, state: 13 }).state).toBe("CLOSE");
});

describe("the owner", () => {
  test.each([
    [OWNER_SOURCE.OWNER_CONNECT, "connect"],
    [OWNER_SOURCE.OWNER_ACCEPT, "accept"],
    [OWNER_SOURCE.OWNER_IO, "io"],
  ] as const)("from source %s is known by %s", (ownerSource, source) => {
    expect(read({ ...MOVING, ownerSource }).owner).toEqual({ pid: 1234, comm: "curl", source });
  });

  test("is not known without a process or a source", () => {
    expect(read({ ...MOVING, ownerPid: 0 }).owner).toBeNull();
    expect(read({ ...MOVING, ownerSource: OWNER_SOURCE.OWNER_UNKNOWN }).owner).toBeNull();
  });

  test("has a name that no terminal obeys", () => {
    expect(read({ ...MOVING, ownerComm: "\x1b]0;evil\x07" }).owner?.comm).toBe("]0;evil");
  });
});

describe("a close", () => {
  test("is the last reading, and how it ended", () => {
    const lastState = { ...MOVING, state: number("LAST_ACK") };
    expect(readClosed(lastState)).toEqual({ ...read(lastState), endReason: "fin" });
  });

  test("takes the peer's FIN and the socket's error into account", () => {
    const finWait2 = { ...MOVING, state: number("FIN_WAIT2") };
    expect(readClosed(finWait2).endReason).toBe("closed");
    expect(readClosed({ ...finWait2, flags: RECORD_FLAGS.PEER_FIN }).endReason).toBe("fin");
    expect(readClosed({ ...finWait2, error: 104 }).endReason).toBe("reset_by_peer");
  });
});

test("an owner that became known after the close", () => {
  const lateOwner = (values: Values) => lateOwnerOf(new ConnectionRecord(memoryOf(connectionBytes(values))));
  expect(lateOwner(MOVING)).toEqual({
    cookie: 4711,
    incarnation: 2,
    owner: { pid: 1234, comm: "curl", source: "connect" },
  });
  expect(lateOwner({ ...MOVING, ownerPid: 0 })).toBeNull();
});

test("a holder", () => {
  const bytes = holderBytes({ pid: 4321, cookie: 2n ** 64n - 5n, comm: "nginx" });
  expect(holderOf(new HolderRecord(memoryOf(bytes)))).toEqual({
    cookie: 2n ** 64n - 5n,
    pid: 4321,
    comm: "nginx",
  });
});
