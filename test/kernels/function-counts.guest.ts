import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { EbpfCollector } from "../../src/collect/ebpf/ebpf-collector.js";
import { fentryPlan } from "../../src/collect/ebpf/fentry-plan.js";
import { kprobePlan } from "../../src/collect/ebpf/kprobe-plan.js";
import type { SocketCall } from "../../src/collect/ebpf/socket-call.js";
import type { ClosedReading, Owner, Sample } from "../../src/model/sample.js";
import { FORCED_RUNG } from "../live/forced-rung.js";
import { trafficOfTest } from "../live/of-test.js";
import type { TrafficArguments } from "../live/traffic.js";
import type { TrafficProgram } from "../traffic/build.js";

// What the calls on a socket returned, counted at tcp_sendmsg and tcp_recvmsg, is what the socket's own counters say, and
// what the programs on both ends know. For traffic that goes by those functions, and ends with nothing unread or unsent.

const OBJECT_FOLDER = fileURLToPath(new URL("../../bpf/", import.meta.url));

/** The last call of each connection, and all owners of connections, since the collector began. */
const lastCalls = new Map<string, SocketCall>();
const closed = new Map<string, ClosedReading>();
const owners = new Map<string, Owner>();
let collector: EbpfCollector;

beforeAll(() => {
  collector = EbpfCollector.open(FORCED_RUNG === "kprobe" ? kprobePlan() : fentryPlan(), {
    objectFolder: OBJECT_FOLDER,
    hearCall: (call) => lastCalls.set(keyOf(call), call),
  });
});

afterAll(() => collector.close());

function keyOf({ cookie, incarnation }: Pick<ClosedReading, "cookie" | "incarnation">): string {
  return `${cookie} ${incarnation}`;
}

async function takeSample(): Promise<Sample> {
  const sample = await collector.sample([]);
  for (const reading of sample.closed) closed.set(keyOf(reading), reading);
  for (const { owner, ...late } of sample.lateOwners) owners.set(keyOf(late), owner);
  return sample;
}

const CASES: readonly (readonly [TrafficProgram, string, TrafficArguments])[] = [
  ["plain", "send", {}],
  ["plain", "send", { bytes: 1_000_003, reply_bytes: 300_007 }],
  ["plain", "ipv6", {}],
  ["plain", "v4mapped", {}],
  ["receive", "peek", {}],
  ["receive", "waitall", {}],
  ["receive", "bigbuf", {}],
  ["uring", "io_uring", {}],
  ["reuse", "reuse", {}],
];

test.each(CASES)("%s %s %o: calls, counters and truth agree to the byte", async (program, caseName, args) => {
  const traffic = await trafficOfTest(program, caseName, args);
  const ends = await traffic.close();
  const idsOfEnds = ends.map(({ cookie, incarnation }) => `${cookie} ${incarnation}`);
  await expect
    .poll(async () => {
      await takeSample();
      return idsOfEnds.filter((id) => closed.has(id)).length;
    })
    .toBe(ends.length);
  for (const [index, { tx_bytes, rx_bytes }] of ends.entries()) {
    const id = idsOfEnds[index] ?? "";
    const { totals } = lastCalls.get(id) ?? {};
    const { txBytes, rxBytes } = closed.get(id) ?? {};
    expect({ sent: totals?.sentBytes ?? 0, received: totals?.receivedBytes ?? 0 }).toEqual({
      sent: tx_bytes,
      received: rx_bytes,
    });
    expect({ txBytes, rxBytes }).toEqual({ txBytes: tx_bytes, rxBytes: rx_bytes });
  }
});

test("who accepts a connection owns it, though it has only been accepted", async () => {
  const traffic = await trafficOfTest("plain", "send");
  const { cookie, pid, comm } = traffic.endpoint("server");
  await takeSample();
  expect(owners.get(`${cookie} 0`)).toEqual({ pid, comm, source: "accept" });
  await traffic.close();
});
