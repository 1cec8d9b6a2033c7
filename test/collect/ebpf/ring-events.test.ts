import { expect, test } from "vitest";
import { KnownSockets } from "../../../src/collect/ebpf/known-sockets.js";
import { RingEvents } from "../../../src/collect/ebpf/ring-events.js";
import type { SocketCall } from "../../../src/collect/ebpf/socket-call.js";
import type { RecordMemory } from "../../../src/linux/record-memory.js";
import { OWNER_SOURCE, RECORD_KIND } from "../../../src/linux/records.gen.js";
import { callBytes, connectionBytes, memoryOf } from "./record-bytes.js";
import { noFlows } from "./udp/no-flows.js";

/** A ring that gives out what was put into it, once. */
class FakeRing {
  #records: RecordMemory[] = [];

  put(...records: readonly Uint8Array[]): void {
    this.#records.push(...records.map((record) => memoryOf(record)));
  }

  drain(consume: (memory: RecordMemory, at: number) => void): void {
    const records = this.#records;
    this.#records = [];
    for (const memory of records) consume(memory, 0);
  }
}

const LAST_ACK = 9;
const { RECORD_OPEN, RECORD_STATE, RECORD_CLOSE, RECORD_OWNER } = RECORD_KIND;

test("opens, closes and late owners are kept apart, in their order, until taken", () => {
  const ring = new FakeRing();
  const events = new RingEvents(ring, new KnownSockets(), noFlows());
  ring.put(
    connectionBytes({ kind: RECORD_OPEN, cookie: 1, state: 1 }),
    connectionBytes({ kind: RECORD_OPEN, cookie: 2, state: 1 }),
  );
  events.drain();
  ring.put(
    connectionBytes({ kind: RECORD_CLOSE, cookie: 1, state: LAST_ACK }),
    connectionBytes({ kind: RECORD_STATE, cookie: 2, state: 8 }),
    connectionBytes({ kind: RECORD_OWNER, cookie: 1, ownerPid: 9, ownerSource: OWNER_SOURCE.OWNER_IO }),
    connectionBytes({ kind: RECORD_OWNER, cookie: 2 }),
  );

  const { opened, closed, lateOwners } = events.take();
  expect(opened.map(({ cookie }) => cookie)).toEqual([1, 2]);
  expect(closed).toMatchObject([{ cookie: 1, state: "LAST_ACK", endReason: "fin" }]);
  expect(lateOwners).toEqual([{ cookie: 1, incarnation: 0, owner: { pid: 9, comm: "", source: "io" } }]);
  expect(events.take()).toEqual({ opened: [], closed: [], lateOwners: [] });
});

test("what was taken stays as it was when the ring's memory is used again", () => {
  const memory = memoryOf(
    connectionBytes({ kind: RECORD_OPEN, cookie: 1, ownerPid: 9, ownerComm: "one", ownerSource: 1 }),
  );
  const events = new RingEvents({ drain: (consume) => consume(memory, 0) }, new KnownSockets(), noFlows());
  events.drain();
  memory.bytes.fill(0xff);
  expect(events.take().opened[0]).toMatchObject({ cookie: 1, owner: { pid: 9, comm: "one" } });
});

test("when samples are far apart the ring is left to fill, and the next sample still gets what it holds", () => {
  const perDrain = 1000;
  const memory = memoryOf(connectionBytes({ kind: RECORD_CLOSE, cookie: 1, state: LAST_ACK }));
  let drains = 0;
  const ring = {
    drain(consume: (memory: RecordMemory, at: number) => void): void {
      drains += 1;
      for (let record = 0; record < perDrain; record++) consume(memory, 0);
    },
  };
  const events = new RingEvents(ring, new KnownSockets(), noFlows());
  for (let timer = 0; timer < 1000; timer++) events.drain();
  const drainsByTimer = drains;
  expect(drainsByTimer).toBeLessThan(500);
  expect(events.take().closed).toHaveLength((drainsByTimer + 1) * perDrain);
});

test("calls are told as they are drained, and are in no sample", () => {
  const ring = new FakeRing();
  const heard: SocketCall[] = [];
  const events = new RingEvents(ring, new KnownSockets(), noFlows(), undefined, (call) => heard.push(call));
  const who = { cookie: 7, incarnation: 1, pid: 9, comm: "c" };
  ring.put(
    callBytes(
      { ...who, kind: RECORD_KIND.RECORD_SEND, timeNs: 5, callBytes: 100 },
      { sends: 3, sentBytes: 300, receives: 2, receivedBytes: 20 },
    ),
    callBytes({ ...who, kind: RECORD_KIND.RECORD_RECEIVE, timeNs: 6, callBytes: 11 }, { receives: 1 }),
  );
  events.drain();
  expect(heard).toEqual([
    {
      ...who,
      way: "send",
      timeNs: 5,
      bytes: 100,
      totals: { sends: 3, sentBytes: 300, receives: 2, receivedBytes: 20 },
    },
    {
      ...who,
      way: "receive",
      timeNs: 6,
      bytes: 11,
      totals: { sends: 0, sentBytes: 0, receives: 1, receivedBytes: 0 },
    },
  ]);
  expect(events.take()).toEqual({ opened: [], closed: [], lateOwners: [] });
});
