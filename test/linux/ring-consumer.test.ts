import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { RingConsumer } from "../../src/linux/ring-consumer.js";
import { MemoryRing, type Reservation } from "./memory-ring.js";

const RING_BYTES = 256;

/** A record that tells its number, and of which a byte out of place is seen. The consumer is not told lengths. */
function payload(record: number, length: number): Uint8Array {
  const bytes = Uint8Array.from({ length }, (_, at) => (record * 31 + at * 7) & 0xff);
  bytes[0] = length;
  return bytes;
}

function drain(consumer: RingConsumer): readonly Uint8Array[] {
  const records: Uint8Array[] = [];
  consumer.drain(({ bytes }, at) => {
    const length = bytes[at] ?? 0;
    records.push(Uint8Array.from(bytes.subarray(at, at + length)));
  });
  return records;
}

function reserve(ring: MemoryRing, bytes: Uint8Array): Reservation {
  const reservation = ring.reserve(bytes);
  if (reservation === null) throw new RangeError("the ring has no room");
  return reservation;
}

test("an empty ring has no records", () => {
  const ring = new MemoryRing(RING_BYTES);
  expect(drain(new RingConsumer(ring.memory))).toEqual([]);
  expect(ring.consumerPosition).toBe(0);
});

test("records of any length come whole and in order, and their room is given back", () => {
  const ring = new MemoryRing(RING_BYTES);
  const records = [1, 7, 8, 9, 15, 16, 17].map((length, index) => payload(index, length));
  for (const record of records) expect(ring.output(record)).toBe(true);
  expect(drain(new RingConsumer(ring.memory))).toEqual(records);
  // Each header takes 8 bytes, each length is rounded up to 8.
  expect(ring.consumerPosition).toBe(7 * 8 + 8 + 8 + 8 + 16 + 16 + 16 + 24);
  expect(ring.consumerPosition).toBe(ring.producerPosition);
});

test("a record that goes over the end of the data comes whole", () => {
  const ring = new MemoryRing(RING_BYTES);
  const consumer = new RingConsumer(ring.memory);
  ring.output(payload(1, 200));
  drain(consumer);
  const acrossTheEnd = payload(2, 100);
  expect(ring.output(acrossTheEnd)).toBe(true);
  expect(ring.producerPosition).toBeGreaterThan(RING_BYTES);
  expect(drain(consumer)).toEqual([acrossTheEnd]);
});

test("a ring filled to the last record is emptied", () => {
  const ring = new MemoryRing(RING_BYTES);
  const consumer = new RingConsumer(ring.memory);
  for (let round = 0; round < 5; round++) {
    let written = 0;
    while (ring.output(payload(written, 24))) written++;
    expect(written).toBe(7);
    expect(drain(consumer)).toHaveLength(written);
  }
});

describe("a record that is still being written", () => {
  test("holds up those after it until it is there", () => {
    const ring = new MemoryRing(RING_BYTES);
    const consumer = new RingConsumer(ring.memory);
    ring.output(payload(1, 16));
    const busy = reserve(ring, payload(2, 16));
    ring.output(payload(3, 16));

    expect(drain(consumer)).toEqual([payload(1, 16)]);
    expect(ring.consumerPosition).toBe(24);
    expect(drain(consumer)).toEqual([]);
    busy.submit();
    expect(drain(consumer)).toEqual([payload(2, 16), payload(3, 16)]);
  });

  test("may be given up: it is passed over", () => {
    const ring = new MemoryRing(RING_BYTES);
    const consumer = new RingConsumer(ring.memory);
    const busy = reserve(ring, payload(1, 40));
    ring.output(payload(2, 16));
    expect(drain(consumer)).toEqual([]);
    busy.discard();
    expect(drain(consumer)).toEqual([payload(2, 16)]);
    expect(ring.consumerPosition).toBe(ring.producerPosition);
  });
});

test("a record's room is the kernel's only after it has been consumed", () => {
  const ring = new MemoryRing(RING_BYTES);
  ring.output(payload(1, 16));
  ring.output(payload(2, 16));
  const positions: number[] = [];
  new RingConsumer(ring.memory).drain(() => positions.push(ring.consumerPosition));
  expect(positions).toEqual([0, 24]);
});

test("a consumer that fails leaves the record for the next time", () => {
  const ring = new MemoryRing(RING_BYTES);
  const consumer = new RingConsumer(ring.memory);
  ring.output(payload(1, 16));
  expect(() =>
    consumer.drain(() => {
      throw new Error("no room");
    }),
  ).toThrow("no room");
  expect(drain(consumer)).toEqual([payload(1, 16)]);
});

test.each([2 ** 31 - 24, 2 ** 32 - 24, 3 * 2 ** 32 + 232, 2 ** 52 - 24])(
  "positions around %d",
  (position) => {
    const ring = new MemoryRing(RING_BYTES, position);
    const consumer = new RingConsumer(ring.memory);
    for (let record = 0; record < 20; record++) {
      ring.output(payload(record, 45));
      expect(drain(consumer)).toEqual([payload(record, 45)]);
    }
    expect(ring.consumerPosition).toBe(position + 20 * 56);
  },
);

test("in whatever order records are written, finished and drained, each that was submitted comes once, in order", () => {
  const write = fc.record({ length: fc.integer({ min: 1, max: 100 }), discards: fc.boolean() });
  const step = fc.oneof(write, fc.constant("finish"), fc.constant("drain"));
  const start = fc.nat(2 ** 40).map((words) => words * 8);
  fc.assert(
    fc.property(start, fc.array(step, { maxLength: 60 }), (position, steps) => {
      const ring = new MemoryRing(RING_BYTES, position);
      const consumer = new RingConsumer(ring.memory);
      const expected: Uint8Array[] = [];
      const came: Uint8Array[] = [];
      const unfinished: (() => void)[] = [];
      let record = 0;
      for (const action of steps) {
        if (action === "drain") came.push(...drain(consumer));
        else if (action === "finish") unfinished.pop()?.();
        else if (typeof action === "object") {
          const bytes = payload(record++, action.length);
          const reservation = ring.reserve(bytes);
          if (reservation === null) continue;
          unfinished.push(action.discards ? reservation.discard : reservation.submit);
          if (!action.discards) expected.push(bytes);
        }
      }
      for (const finish of unfinished) finish();
      came.push(...drain(consumer));
      expect(came).toEqual(expected);
      expect(ring.consumerPosition).toBe(ring.producerPosition);
    }),
  );
});
