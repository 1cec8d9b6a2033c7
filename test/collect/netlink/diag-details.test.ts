import { expect, test } from "vitest";
import { detailsOf } from "../../../src/collect/netlink/diag-details.js";
import { InetDiagMessage } from "../../../src/linux/inet-diag-message.js";
import { memoryOf } from "../../../src/linux/netlink-stream.js";
import { type DiagFields, type DiagInfo, diagMessage } from "../../linux/diag-message-bytes.js";

function details(fields: DiagFields) {
  const bytes = diagMessage({ info: {}, ...fields });
  const memory = memoryOf(bytes);
  const message = new InetDiagMessage(memory);
  message.moveTo(memory, 0, bytes.length);
  return detailsOf(message);
}

test("what tcp_info says", () => {
  const info: DiagInfo = {
    ...{ timeouts: 2, isAppLimited: true, mss: 1448, unacked: 11, lost: 3, notSentBytes: 500 },
    ...{
      dataSegmentsOut: 149,
      dataSegmentsIn: 151,
      busyTimeUs: 4000,
      rwndLimitedUs: 300,
      sndbufLimitedUs: 20,
    },
    ...{ sendWindow: 65_537, receiveWindow: 65_539, cwnd: 10 },
  };
  expect(details({ info, congestionAlgorithm: "bbr", sendBuffer: [16_384, 0] })).toEqual({
    busyTime: 4000,
    receiverWindowTime: 300,
    sendBufferTime: 20,
    isCwndLimited: false,
    isAppLimited: true,
    waitsForRoom: false,
    timeouts: 2,
    inFlight: 11,
    lost: 3,
    unsentBytes: 500,
    sendWindow: 65_537,
    receiveWindow: 65_539,
    mss: 1448,
    dataSegmentsOut: 149,
    dataSegmentsIn: 151,
    congestionAlgorithm: "bbr",
  });
});

test("the congestion window is full when what is in the network fills it", () => {
  const isFull = (info: DiagInfo) => details({ info })?.isCwndLimited;
  expect(isFull({ cwnd: 10, unacked: 10 })).toBe(true);
  expect(isFull({ cwnd: 10, unacked: 9 })).toBe(false);
  expect(isFull({ cwnd: 10, unacked: 15, sacked: 3, lost: 4, sentAgain: 2 })).toBe(true);
  expect(isFull({ cwnd: 10, unacked: 15, sacked: 4, lost: 4, sentAgain: 2 })).toBe(false);
  expect(isFull({ cwnd: 0, unacked: 0 })).toBe(false);
});

test("whether the application waits for room is not known where less than a third is free, as poll() has it", () => {
  const waits = (...sendBuffer: [number, number]) => details({ sendBuffer })?.waitsForRoom;
  expect(waits(30_000, 20_000)).toBe(false);
  expect(waits(30_000, 20_002)).toBeNull();
  expect(waits(30_000, 90_000)).toBeNull();
  expect(details({})?.waitsForRoom).toBeNull();
});

test("a kernel that keeps no such times has no details; what came later is null", () => {
  expect(details({ infoBytes: 168 })).toBeNull();
  expect(details({ infoBytes: 192 })).toMatchObject({ sendWindow: null, receiveWindow: null });
  expect(details({ infoBytes: 232 })).toMatchObject({ sendWindow: 0, receiveWindow: null });
  expect(details({})).toMatchObject({ receiveWindow: 0, congestionAlgorithm: null });
});
