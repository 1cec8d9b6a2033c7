import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { KernelReading } from "../../../src/collect/ebpf/kernel-reading.js";
import { KnownSockets } from "../../../src/collect/ebpf/known-sockets.js";
import { readTuple } from "../../../src/collect/ebpf/tuples.js";
import { ConnectionRecord, RestingRecord } from "../../../src/linux/records.gen.js";
import type { Holder, SocketReading } from "../../../src/model/sample.js";
import { connectionBytes, LOOPBACK_TUPLE, memoryOf, restingBytes } from "./record-bytes.js";

type Values = Parameters<typeof connectionBytes>[0];

const ESTABLISHED = 1;

function recordOf(values: Values, remotePort = 80) {
  const memory = memoryOf(
    connectionBytes({ state: ESTABLISHED, ...values }, { ...LOOPBACK_TUPLE, remotePort }),
  );
  return { record: new ConnectionRecord(memory), memory };
}

const HOLDER: Holder = { pid: 10, comm: "server", cookie: 7 };

interface Taken {
  readonly sockets: SocketReading[];
  readonly holders: Holder[];
}

/** What a walk tells of the next sockets: a record, or that so many are as they were. */
type Told =
  | { readonly values: Values; readonly holder?: Holder }
  | { readonly place: number; readonly count: number };

/** One walk over files that is read to its end. */
function walk(known: KnownSockets, number: number, ...told: readonly Told[]): Taken {
  const taken: Taken = { sockets: [], holders: [] };
  known.beginWalk();
  for (const part of told) {
    if ("count" in part) known.placeResting(resting(number, part), taken);
    else {
      const { record, memory } = recordOf(part.values);
      taken.sockets.push(known.place(record, memory, part.holder ?? HOLDER));
    }
  }
  known.endWalk(number);
  return taken;
}

function resting(walk: number, { place, count }: { readonly place: number; readonly count: number }) {
  const times = {
    firstNs: walk * 1000,
    lastNs: walk * 1000 + count - 1,
    firstClock: walk * 10,
    lastClock: walk * 10,
  };
  return new RestingRecord(memoryOf(restingBytes({ place, count, baseWalk: walk - 1, ...times })));
}

/** What a reading of a record says, at another time. */
function saidBy(values: Values, readNs: number, clock: number): unknown {
  const { record, memory } = recordOf(values);
  const { revision, ...reading } = new KernelReading(record, readTuple(memory, record.tupleAt));
  return { ...reading, readNs, clock: reading.clock === null ? null : clock };
}

const QUIET: Values = { cookie: 7, txBytes: 100, readNs: 1000, clock: 10 };

describe("a socket at rest", () => {
  test("has the reading of the walk before, with the time moved on, and its holder", () => {
    const known = new KnownSockets();
    const first = walk(known, 1, { values: QUIET });
    const revision = first.sockets[0]?.revision;
    const second = walk(known, 2, { place: 0, count: 1 });
    expect(second.sockets[0]).toBe(first.sockets[0]);
    expect(second.sockets).toMatchObject([{ revision, txBytes: 100, readNs: 2000, clock: 20 }]);
    expect(second.holders).toEqual([HOLDER]);
    expect(walk(known, 3, { place: 0, count: 1 }).sockets).toMatchObject([{ revision, readNs: 3000 }]);
  });

  test("that is not established has no clock", () => {
    const known = new KnownSockets();
    walk(known, 1, { values: { cookie: 7, state: 2 } });
    expect(walk(known, 2, { place: 0, count: 1 }).sockets).toMatchObject([{ readNs: 2000, clock: null }]);
  });

  test("and those beside it were read one after the other", () => {
    const known = new KnownSockets();
    const four = [1, 2, 3, 4].map((cookie) => ({ values: { ...QUIET, cookie } }));
    walk(known, 1, ...four);
    const { sockets } = walk(known, 2, { place: 0, count: 4 });
    expect(sockets.map(({ readNs }) => readNs)).toEqual([2000, 2001, 2002, 2003]);
  });

  test("that says something new has another reading, and the former one stays as it was", () => {
    const known = new KnownSockets();
    const [first] = walk(known, 1, { values: QUIET }).sockets;
    const [second] = walk(known, 2, { values: { ...QUIET, txBytes: 101, readNs: 2000 } }).sockets;
    expect(second?.revision).not.toBe(first?.revision);
    expect(second).toMatchObject({ txBytes: 101, readNs: 2000 });
    expect(first).toMatchObject({ txBytes: 100, readNs: 1000 });
  });

  test("whose end was heard while the walk was read is left out, and what follows keeps its place", () => {
    const known = new KnownSockets();
    const other: Holder = { pid: 11, comm: "client", cookie: 8 };
    walk(known, 1, { values: QUIET }, { values: { ...QUIET, cookie: 8 }, holder: other });
    known.forget(7);
    const second = walk(known, 2, { place: 0, count: 2 });
    expect(second.sockets).toMatchObject([{ cookie: 8 }]);
    expect(second.holders).toEqual([other]);
    expect(walk(known, 3, { place: 1, count: 1 }).sockets).toMatchObject([{ cookie: 8 }]);
  });

  test("is not swept out", () => {
    const known = new KnownSockets();
    walk(known, 1, { values: QUIET });
    for (let number = 2; number < 100; number++)
      expect(walk(known, number, { place: 0, count: 1 }).sockets).toHaveLength(1);
  });
});

describe("places that no walk had", () => {
  const refers = (known: KnownSockets, number: number, place: number, count: number) => () =>
    walk(known, number, { place, count });

  test("are refused: before any walk", () => {
    expect(refers(new KnownSockets(), 1, 0, 1)).toThrow("places that no walk had: 1 from 0");
  });

  test("are refused: beyond the last", () => {
    const known = new KnownSockets();
    walk(known, 1, { values: QUIET });
    expect(refers(known, 2, 0, 2)).toThrow("2 from 0");
  });

  test("are refused: of a walk that was not read to its end, and those of the last that was stay", () => {
    const known = new KnownSockets();
    walk(known, 1, { values: QUIET });
    known.beginWalk();
    const { record, memory } = recordOf(QUIET);
    known.place(record, memory, HOLDER);
    expect(refers(known, 3, 0, 1)).toThrow("1 from 0");
    expect(walk(known, 2, { place: 0, count: 1 }).sockets).toHaveLength(1);
  });

  test("are refused: of a walk before the last", () => {
    const known = new KnownSockets();
    walk(known, 1, { values: QUIET });
    walk(known, 2, { values: QUIET });
    expect(refers(known, 2, 0, 1)).toThrow("1 from 0");
  });
});

type Settled = Values & { readonly cookie: number };

/** Each walk keeps some of the connections of the one before, in any order, and meets some anew. */
const walks = fc.array(
  fc.array(
    fc.record({
      keeps: fc.nat({ max: 9 }),
      isAtRest: fc.boolean(),
      txBytes: fc.integer({ min: 0, max: 2 }),
    }),
    { maxLength: 8 },
  ),
  { maxLength: 20 },
);

test("whatever rests, moves its place, says something new or comes and goes, all readings say what was said last", () => {
  fc.assert(
    fc.property(walks, (steps) => {
      const known = new KnownSockets();
      let before: readonly Settled[] = [];
      let nextCookie = 1;
      for (const [index, step] of steps.entries()) {
        const number = index + 1;
        const told: Told[] = [];
        const said: Settled[] = [];
        for (const { keeps, isAtRest, txBytes } of step) {
          const former = before[keeps];
          const isThere = former !== undefined && !said.some(({ cookie }) => cookie === former.cookie);
          if (isThere && isAtRest) {
            told.push({ place: keeps, count: 1 });
            said.push(former);
          } else {
            const cookie = isThere ? former.cookie : nextCookie++;
            const values = { cookie, txBytes, readNs: number * 1000, clock: number * 10 };
            told.push({ values });
            said.push(values);
          }
        }
        const { sockets, holders } = walk(known, number, ...told);
        expect(holders).toHaveLength(told.filter((part) => "count" in part).length);
        expect(sockets).toMatchObject(
          said.map((values) => saidBy(values, number * 1000, number * 10) as object),
        );
        before = said;
      }
    }),
  );
});

test("two readings with one number say the same", () => {
  const known = new KnownSockets();
  const seen = new Map<unknown, unknown>();
  for (let number = 1; number < 50; number++) {
    const told: Told = number % 3 === 0 ? { values: { ...QUIET, txBytes: number } } : { place: 0, count: 1 };
    for (const { readNs, clock, revision, ...says } of walk(
      known,
      number,
      number === 1 ? { values: QUIET } : told,
    ).sockets) {
      expect(seen.get(revision) ?? says).toEqual(says);
      seen.set(revision, says);
    }
  }
  expect(seen.size).toBe(17);
});

test("a socket that no file holds is read each time", () => {
  const known = new KnownSockets();
  const read = (values: Values) => {
    known.beginWalk();
    const { record, memory } = recordOf(values);
    return known.readOther(record, memory);
  };
  const first = read(QUIET);
  const second = read({ ...QUIET, readNs: 2000 });
  expect(second.revision).not.toBe(first.revision);
  expect(second).toMatchObject({ txBytes: 100, readNs: 2000 });
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
