import { beforeEach, expect, test } from "vitest";
import { ConnectionTable } from "../../../src/engine/connection-table.js";
import type { SocketReading } from "../../../src/model/sample.js";
import type { TcpDetails } from "../../../src/model/tcp-details.js";
import { closedAt, onlyRow, readingAt, sampleAt } from "../example-samples.js";

const TICKS_PER_SECOND = 250;

let table: ConnectionTable;

beforeEach(() => {
  table = new ConnectionTable({ lingerMs: 5000 });
});

function detailsOf(busySeconds = 0): TcpDetails {
  return {
    busyTime: busySeconds * TICKS_PER_SECOND,
    receiverWindowTime: busySeconds * TICKS_PER_SECOND,
    sendBufferTime: 0,
    isCwndLimited: false,
    isAppLimited: false,
    waitsForRoom: false,
    timeouts: 0,
    inFlight: 0,
    lost: 0,
    unsentBytes: 0,
    sendWindow: 65_536,
    receiveWindow: 65_536,
    mss: 1448,
    dataSegmentsOut: 1,
    dataSegmentsIn: 1,
    congestionAlgorithm: "cubic",
  };
}

/** The row after a walk that found the socket to have waited for so long since it opened. */
function walk(atSeconds: number, busySeconds = 0, parts: Partial<SocketReading> = {}) {
  const reading = readingAt(atSeconds, {
    tcp: detailsOf(busySeconds),
    clock: atSeconds * TICKS_PER_SECOND,
    ...parts,
  });
  return onlyRow(table.apply(sampleAt(atSeconds, { sockets: [reading] })));
}

const word = (row: ReturnType<typeof walk>) => row.limits?.limitedBy;

test("null in the first snapshot, then of each interval by itself", () => {
  expect(walk(1).limits).toBeNull();
  expect(word(walk(2))).toBe("idle");
  expect(word(walk(3, 0.5))).toBe("receiver-window");
  expect(walk(4, 0.75).limits).toMatchObject({ receiverWindowShare: 0.25 });
  expect(word(walk(5, 0.75))).toBe("idle");
});

test("a row that rested for long is measured from its last reading, not from when it came to rest", () => {
  for (let second = 1; second <= 20; second++) walk(second);
  expect(word(walk(21, 0.5))).toBe("receiver-window");
});

test("a connection that is quiet stays the same object, though the clock goes on", () => {
  for (let second = 1; second <= 3; second++) walk(second);
  expect(walk(4)).toBe(walk(5));
});

test("one that waited, and does so no more, is not shown as waiting", () => {
  walk(1);
  expect(word(walk(2, 1))).toBe("receiver-window");
  expect(word(walk(3, 2))).toBe("receiver-window");
  expect(word(walk(4, 2))).toBe("idle");
});

test("null in a snapshot whose walk did not meet it; the next measures over all the time", () => {
  walk(1);
  walk(2);
  expect(onlyRow(table.apply(sampleAt(3))).limits).toBeNull();
  expect(walk(4, 1).limits).toMatchObject({ receiverWindowShare: 0.5 });
});

test("null before it is established, and once it is closed", () => {
  walk(1, 0, { state: "SYN_SENT", tcp: null });
  expect(walk(2).limits).toBeNull();
  expect(word(walk(3))).toBe("idle");
  const closed = closedAt(4, { tcp: detailsOf(1) });
  expect(onlyRow(table.apply(sampleAt(4, { closed: [closed] })))).toMatchObject({
    closed: true,
    limits: null,
    tcp: { busyTime: TICKS_PER_SECOND },
  });
});
