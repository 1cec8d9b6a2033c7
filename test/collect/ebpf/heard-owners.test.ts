import { expect, test } from "vitest";
import { KnownSockets } from "../../../src/collect/ebpf/known-sockets.js";
import { RingEvents } from "../../../src/collect/ebpf/ring-events.js";
import { OWNER_SOURCE, RECORD_KIND } from "../../../src/linux/records.gen.js";
import type { Owner } from "../../../src/model/sample.js";
import { connectionBytes, memoryOf } from "./record-bytes.js";
import { noFlows } from "./udp/no-flows.js";

test("owners of what opens and closes are told as the ring is drained, before anybody takes the events", () => {
  const records = [
    connectionBytes({
      kind: RECORD_KIND.RECORD_OPEN,
      cookie: 1,
      ownerPid: 9,
      ownerComm: "one",
      ownerSource: 1,
    }),
    connectionBytes({ kind: RECORD_KIND.RECORD_OPEN, cookie: 2 }),
    connectionBytes({
      kind: RECORD_KIND.RECORD_CLOSE,
      cookie: 3,
      state: 9,
      ownerPid: 8,
      ownerComm: "two",
      ownerSource: OWNER_SOURCE.OWNER_IO,
    }),
  ];
  const heard: Owner[] = [];
  const ring = {
    drain: (consume: (memory: ReturnType<typeof memoryOf>, at: number) => void) => {
      for (const record of records.splice(0)) consume(memoryOf(record), 0);
    },
  };
  const events = new RingEvents(ring, new KnownSockets(), noFlows(), (owner) => heard.push(owner));
  events.drain();
  expect(heard).toEqual([
    { pid: 9, comm: "one", source: "connect" },
    { pid: 8, comm: "two", source: "io" },
  ]);
  expect(events.take().opened).toHaveLength(2);
});
