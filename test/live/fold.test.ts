import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { basename, dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, expect, onTestFinished, test } from "vitest";
import { EbpfCollector } from "../../src/collect/ebpf/ebpf-collector.js";
import type { RungPlan } from "../../src/collect/ebpf/rung-plan.js";
import { TRACEPOINT_WITH_UDP, TRACEPOINT_WITHOUT_UDP } from "../../src/collect/ebpf/tracepoint-plans.js";
import { ConnectionTable } from "../../src/engine/connection-table.js";
import type { Connection } from "../../src/model/connection.js";
import type { ClosedReading } from "../../src/model/sample.js";
import { lossWords } from "../../src/output/summary-lines.js";
import { startTraffic } from "./traffic.js";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const OBJECT = "build/overload.bpf.o";
/** Far from the cookies of real sockets, and below 2^53. */
const FIRST_COOKIE = 2 ** 40;
const CLOSES = 200_000;
const CLOSES_PER_RUN = 1000;
const UNREPORTED_BYTES = 7;
const SMALLEST_RING_BYTES = 4096;
const UDP_SOCKETS = 23;

/** Hears of no connection's end but those that are pushed: what other connections of this host fold must not be in the sums. */
const PUSHED_ONLY: RungPlan = { ...TRACEPOINT_WITHOUT_UDP, programs: [], missedEvents: () => 0 };

beforeAll(() => {
  execFileSync("scripts/build-bpf", [OBJECT, "test/bpf/overload.bpf.c"], { cwd: ROOT, stdio: "pipe" });
});

function openCollector(plan: RungPlan = TRACEPOINT_WITH_UDP): EbpfCollector {
  const collector = EbpfCollector.open(
    { ...plan, objectFile: basename(OBJECT) },
    {
      objectFolder: `${ROOT}/${dirname(OBJECT)}`,
      ringBytes: SMALLEST_RING_BYTES,
      extraPrograms: ["push_closes"],
    },
  );
  onTestFinished(() => collector.close());
  return collector;
}

function pushCloses(collector: EbpfCollector, firstCookie: number, closes: number): void {
  const context = Buffer.alloc(24);
  context.writeBigUInt64LE(BigInt(firstCookie), 0);
  context.writeBigUInt64LE(BigInt(closes), 8);
  context.writeBigUInt64LE(BigInt(UNREPORTED_BYTES), 16);
  expect(collector.run("push_closes", context)).toBe(0);
}

/** What test/bpf/overload.bpf.c says that a connection sent; it received twice as much. */
function txBytes(cookie: number): number {
  return 1000 + ((cookie - FIRST_COOKIE) % CLOSES_PER_RUN);
}

/** What a fold adds for a connection: all of it, or what had not been reported. */
function foldedTxBytes(cookie: number): number {
  return cookie % 3 === 0 ? UNREPORTED_BYTES : txBytes(cookie);
}

function foldedRxBytes(cookie: number): number {
  return cookie % 3 === 0 ? UNREPORTED_BYTES : 2 * txBytes(cookie);
}

test("200,000 closes through the smallest ring: shown and folded are the truth, nothing twice", async () => {
  const collector = openCollector(PUSHED_ONLY);
  const table = new ConnectionTable({ lingerMs: 0 });
  const shown = new Map<number, ClosedReading>();
  let snapshot = table.apply(await collector.sample([]));
  for (let pushed = 0; pushed < CLOSES; pushed += CLOSES_PER_RUN) {
    pushCloses(collector, FIRST_COOKIE + pushed, CLOSES_PER_RUN);
    const sample = await collector.sample([]);
    for (const closed of sample.closed) {
      const cookie = Number(closed.cookie);
      if (cookie < FIRST_COOKIE) continue;
      expect(shown.has(cookie)).toBe(false);
      shown.set(cookie, closed);
    }
    snapshot = table.apply(sample);
  }
  const truth = Array.from({ length: CLOSES }, (_, index) => FIRST_COOKIE + index);
  const notShown = truth.filter((cookie) => !shown.has(cookie));
  const sum = (of: (cookie: number) => number) => notShown.reduce((total, cookie) => total + of(cookie), 0);

  expect(shown.size).toBeGreaterThan(0);
  expect([...shown.values()].every((closed) => closed.txBytes === txBytes(Number(closed.cookie)))).toBe(true);
  expect(snapshot.folded).toEqual({
    connections: CLOSES - shown.size,
    txBytes: sum(foldedTxBytes),
    rxBytes: sum(foldedRxBytes),
    retransBytes: notShown.length,
  });
  expect(snapshot.totals.closed).toBeGreaterThanOrEqual(CLOSES);
});

test("ends of UDP sockets that find the ring full are counted, and said", async () => {
  const collector = openCollector();
  const table = new ConnectionTable({ lingerMs: 0 });
  const before = table.apply(await collector.sample([])).lost?.udpEnds;
  expect(before).toBeDefined();
  // Without a pause in between: the timer that drains the ring can't run until the sockets are gone.
  pushCloses(collector, FIRST_COOKIE, CLOSES_PER_RUN);
  execFileSync("bash", ["-c", `for i in $(seq ${UDP_SOCKETS}); do echo > /dev/udp/127.0.0.1/9; done`]);
  const snapshot = table.apply(await collector.sample([]));
  expect(snapshot.lost?.udpEnds).toBeGreaterThanOrEqual((before ?? 0) + UDP_SOCKETS);
  expect(lossWords(snapshot)).toContain(`${snapshot.lost?.udpEnds} ends of UDP sockets lost`);
});

test("a connection whose close was folded ends as unknown, once a look-up finds it gone", async () => {
  const collector = openCollector();
  const table = new ConnectionTable({ lingerMs: 0 });
  const traffic = await startTraffic("plain", "send");
  onTestFinished(traffic.end);
  const client = traffic.endpoint("client");
  const before = table.apply(await collector.sample([])).connections.find((row) => row.id === client.cookie);
  expect(before).toMatchObject({ closed: false, txBytes: client.tx_bytes });

  // Without a pause in between: the timer that drains the ring can't run until the connection is gone.
  pushCloses(collector, FIRST_COOKIE, CLOSES_PER_RUN);
  for (const pid of client.owners) process.kill(pid, "SIGKILL");
  while (client.owners.some(isAlive));

  const ends: Connection[] = [];
  for (let tick = 0; tick < 5; tick++) {
    const snapshot = table.apply(await collector.sample(table.suspects()));
    ends.push(...snapshot.connections.filter((row) => row.id === client.cookie && row.closed));
  }
  expect(ends).toMatchObject([
    {
      endReason: "unknown",
      txBytes: client.tx_bytes,
      rxBytes: client.rx_bytes,
      pid: client.pid,
      comm: client.comm,
    },
  ]);
});

function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}
