import { expect, test } from "vitest";
import { PatientSource } from "../../src/cli/patient-source.js";
import type { NetworkCollector } from "../../src/collect/network-collector.js";
import type { ClosedReading, Sample, SocketReading } from "../../src/model/sample.js";

const READING: SocketReading = {
  proto: "tcp",
  cookie: 7,
  incarnation: 0,
  holderCookie: 7,
  tuple: { family: 4, localAddr: "192.0.2.1", localPort: 80, remoteAddr: "192.0.2.2", remotePort: 4000 },
  netns: 4026531840,
  boundDevice: null,
  receivingDevice: null,
  state: "ESTABLISHED",
  direction: "in",
  openedNs: 500,
  readNs: 1000,
  txBytes: 10,
  rxBytes: 20,
  rttUs: 30,
  rttvarUs: 5,
  minRttUs: 25,
  retrans: 0,
  retransBytes: 0,
  cwnd: 10,
  deliveryRate: null,
  sendQueue: 0,
  recvQueue: 0,
  acceptQueue: null,
  acceptLimit: null,
  drops: null,
  lastMovedNs: null,
  tcp: null,
  clock: null,
  revision: null,
  owner: null,
};
const CLOSED: ClosedReading = { ...READING, cookie: 8, holderCookie: 8, endReason: "fin" };
const SAMPLE: Sample = {
  timeMs: 1_000_000,
  readNs: 2000,
  sockets: [READING],
  opened: [],
  closed: [CLOSED],
  lateOwners: [],
  holders: [],
  gone: [],
  folded: { connections: 0, txBytes: 0, rxBytes: 0, retransBytes: 0 },
  missedEvents: 0,
  stalled: null,
};

/** Answers with these samples, then never. */
function collectorOf(...samples: readonly Sample[]): NetworkCollector {
  const left = [...samples];
  return {
    rung: "tracepoint",
    sample: () => {
      const sample = left.shift();
      return sample === undefined ? new Promise(() => undefined) : Promise.resolve(sample);
    },
    close: () => undefined,
  };
}

test("while the collector does not answer, what is open is shown again, and what closed is not", async () => {
  const source = new PatientSource(collectorOf(SAMPLE), 1);
  const answered = await source.next();
  const stalled = [await source.next(), await source.next()];

  expect(answered.connections.map(({ id, closed }) => [id, closed])).toEqual([
    ["7", false],
    ["8", true],
  ]);
  for (const snapshot of stalled) {
    expect(snapshot.stalled?.what).toBe("the kernel does not answer");
    expect(snapshot.connections).toMatchObject([{ id: "7", txBytes: 10, txRate: null, change: null }]);
    expect(snapshot.totals).toMatchObject({ txRate: null, closed: 1 });
  }
  expect(stalled[1]?.stalled?.sinceMs).toBe(stalled[0]?.stalled?.sinceMs);
});

test("a collector that never answered gives an empty snapshot that says so", async () => {
  const snapshot = await new PatientSource(collectorOf(), 1).next();
  expect(snapshot.connections).toEqual([]);
  expect(snapshot.stalled).not.toBeNull();
});

test("the same sample is waited for, not asked for again", async () => {
  let asked = 0;
  let answer: (sample: Sample) => void = () => undefined;
  const slow: NetworkCollector = {
    ...collectorOf(),
    sample: () => {
      asked += 1;
      return new Promise((resolve) => {
        answer = resolve;
      });
    },
  };
  const source = new PatientSource(slow, 1);
  await source.next();
  await source.next();
  answer(SAMPLE);
  expect((await source.next()).stalled).toBeNull();
  expect(asked).toBe(1);
});
