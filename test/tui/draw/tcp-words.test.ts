import { expect, test } from "vitest";
import type { Connection } from "../../../src/model/connection.js";
import type { TcpDetails } from "../../../src/model/tcp-details.js";
import { tcpLines } from "../../../src/tui/draw/tcp-words.js";
import { EXAMPLE_DETAILS, exampleConnection } from "../../model/example-connection.js";

function wordsOf(changes: Partial<Connection>, width = 200): readonly string[] {
  return tcpLines(exampleConnection(changes), width).map(({ spans }) =>
    spans.map(({ text }) => text).join(""),
  );
}

test("segments, windows and what is in flight, in words", () => {
  expect(wordsOf({ tcp: EXAMPLE_DETAILS, cwnd: 10, deliveryRate: 1_000_000 })).toEqual([
    " congestion  cubic, window of 10 x 1448B = 14.5kB, delivered 1.00MB/s when last measured",
    " in flight   8 segments not acknowledged, 0 of them taken for lost, 64.0kB waits behind them",
    " windows     the peer takes 65.5kB, this end takes 0B",
    " segments    15.5M with data sent, 9999 received",
    " sending     the program waits for room in the send buffer, the congestion window is full",
  ]);
});

test("what the kernel does not tell is said to be unknown, and is no 0", () => {
  const unknown: TcpDetails = {
    ...EXAMPLE_DETAILS,
    unsentBytes: null,
    sendWindow: null,
    receiveWindow: null,
    dataSegmentsOut: null,
    dataSegmentsIn: null,
    congestionAlgorithm: null,
    waitsForRoom: null,
    isCwndLimited: false,
  };
  expect(wordsOf({ tcp: unknown, cwnd: null, deliveryRate: null })).toEqual([
    " congestion  algorithm not known, window not known",
    " in flight   8 segments not acknowledged, 0 of them taken for lost, what waits behind them not known",
    " windows     what the peer takes not known, what this end takes not known",
    " segments    sent not known, received not known",
    " sending     nothing holds it up at this moment",
  ]);
  expect(wordsOf({ tcp: null })).toEqual([" congestion  not known"]);
});

test("losses, time-outs and a closed window are warned of", () => {
  const lines = tcpLines(exampleConnection({ tcp: { ...EXAMPLE_DETAILS, lost: 3, timeouts: 2 } }), 200);
  const warned = lines.flatMap(({ spans }) => spans.filter(({ style }) => style === "warning"));
  expect(warned.map(({ text }) => text).filter((text) => text !== " ")).toEqual([
    "3 of them taken for lost,",
    "this end takes 0B",
    "2 time-outs since the peer last acknowledged anything,",
  ]);
});

test("nothing of UDP, and of what listens", () => {
  expect(wordsOf({ proto: "udp", tcp: null })).toEqual([]);
  expect(wordsOf({ state: "LISTEN", tcp: null })).toEqual([]);
});
