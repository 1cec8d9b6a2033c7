import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { KernelReading } from "../../../src/collect/ebpf/kernel-reading.js";
import { KnownSockets } from "../../../src/collect/ebpf/known-sockets.js";
import { readTuple } from "../../../src/collect/ebpf/tuples.js";
import { ConnectionRecord } from "../../../src/linux/records.gen.js";
import type { SocketReading } from "../../../src/model/sample.js";
import { connectionBytes, LOOPBACK_TUPLE, memoryOf } from "./record-bytes.js";

type Values = Parameters<typeof connectionBytes>[0];

const ESTABLISHED = 1;

function recordOf(values: Values, remotePort = 80) {
  const memory = memoryOf(
    connectionBytes({ state: ESTABLISHED, ...values }, { ...LOOPBACK_TUPLE, remotePort }),
  );
  return { record: new ConnectionRecord(memory), memory };
}

/** What one walk over such records says. */
function walk(known: KnownSockets, ...values: readonly Values[]): readonly SocketReading[] {
  known.beginWalk();
  return values.map((value) => {
    const { record, memory } = recordOf(value);
    return known.walked(record, memory);
  });
}

/** The same without anything known: all but the number that the comparison gives. */
function plainly(values: Values): unknown {
  const { record, memory } = recordOf(values);
  const { revision, ...reading } = new KernelReading(record, readTuple(memory, record.tupleAt));
  return reading;
}

describe("a socket that says the same", () => {
  test("has the same reading, with the time moved on", () => {
    const known = new KnownSockets();
    const [first] = walk(known, { cookie: 7, txBytes: 100, readNs: 1000, clock: 10 });
    const revision = first?.revision;
    const [second] = walk(known, { cookie: 7, txBytes: 100, readNs: 2000, clock: 20 });
    expect(second).toBe(first);
    expect(second).toMatchObject({ revision, txBytes: 100, readNs: 2000, clock: 20 });
  });

  test("and is not established has no clock", () => {
    const known = new KnownSockets();
    walk(known, { cookie: 7, readNs: 1000 });
    expect(walk(known, { cookie: 7, readNs: 2000 })).toMatchObject([{ readNs: 2000, clock: null }]);
  });
});

test.each([
  ["the first word", { incarnation: 1 }],
  ["a counter", { txBytes: 101 }],
  ["the high half of a counter", { rxBytes: 2n ** 32n }],
  ["the word before the clock", { receivingDevice: 1 }],
  ["the word after the clock", { busyTime: 1 }],
  ["the name of the owner", { ownerComm: "other", ownerPid: 1 }],
  ["the last byte that means anything", { timeouts: 1 }],
] satisfies [string, Values][])("what differs in %s is read anew", (_, difference) => {
  const known = new KnownSockets();
  const before: Values = { cookie: 7, txBytes: 100, readNs: 1000, clock: 10 };
  const [first] = walk(known, before);
  const [second] = walk(known, { ...before, ...difference, readNs: 2000 });
  expect(second?.revision).not.toBe(first?.revision);
  expect(second).toMatchObject(plainly({ ...before, ...difference, readNs: 2000 }) as object);
  expect(first?.readNs).toBe(1000);
});

const socket = fc.record({
  cookie: fc.oneof(fc.integer({ min: 1, max: 6 }), fc.constantFrom(2n ** 64n - 1n, 2n ** 64n - 2n)),
  incarnation: fc.integer({ min: 0, max: 1 }),
  txBytes: fc.integer({ min: 0, max: 2 }),
  clock: fc.integer({ min: 0, max: 3 }),
});
type Action = { readonly forget: number | bigint } | { readonly walk: readonly Values[] };
const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ walk: fc.array(socket, { maxLength: 8 }) }) },
  { weight: 1, arbitrary: fc.record({ forget: socket.map(({ cookie }) => cookie) }) },
);

test("whatever comes in whatever order, and is forgotten, says what a reading of each record says", () => {
  fc.assert(
    fc.property(fc.array(action, { maxLength: 40 }), (actions) => {
      const known = new KnownSockets();
      let readNs = 0;
      for (const step of actions) {
        if ("forget" in step) {
          known.forget(step.forget);
          continue;
        }
        known.beginWalk();
        for (const values of step.walk) {
          readNs += 1;
          const { record, memory } = recordOf({ ...values, readNs });
          expect(known.walked(record, memory)).toMatchObject(plainly({ ...values, readNs }) as object);
        }
      }
    }),
  );
});

test("two readings with one number say the same", () => {
  fc.assert(
    fc.property(fc.array(fc.array(socket, { maxLength: 6 }), { maxLength: 20 }), (walks) => {
      const known = new KnownSockets();
      const said = new Map<number | null, unknown>();
      for (const values of walks) {
        for (const reading of walk(known, ...values)) {
          const { readNs, clock, ...says } = reading;
          expect(says).toEqual(said.get(reading.revision) ?? says);
          said.set(reading.revision, says);
        }
      }
    }),
  );
});

describe("the ends of a connection", () => {
  const portOf = (known: KnownSockets, cookie: number | bigint, incarnation: number, remotePort: number) => {
    const { record, memory } = recordOf({ cookie, incarnation }, remotePort);
    return known.tupleOf(record, memory).remotePort;
  };

  test("are read once for each connection of a socket", () => {
    const known = new KnownSockets();
    expect(portOf(known, 7, 0, 80)).toBe(80);
    expect(portOf(known, 7, 0, 81)).toBe(80);
    expect(portOf(known, 7, 1, 81)).toBe(81);
    expect(portOf(known, 7, 1, 82)).toBe(81);
  });

  test("are kept apart where a Number could not tell sockets from each other", () => {
    const known = new KnownSockets();
    expect(portOf(known, 2n ** 64n - 1n, 0, 80)).toBe(80);
    expect(portOf(known, 2n ** 64n - 2n, 0, 81)).toBe(81);
    expect(portOf(known, 2n ** 64n - 1n, 0, 82)).toBe(80);
  });

  test("are forgotten with the connection, and in time when no walk meets it", () => {
    const known = new KnownSockets();
    portOf(known, 7, 0, 80);
    known.forget(7);
    expect(portOf(known, 7, 0, 81)).toBe(81);
    for (let walks = 0; walks < 100; walks++) known.beginWalk();
    expect(portOf(known, 7, 0, 82)).toBe(82);
  });
});
