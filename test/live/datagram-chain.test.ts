import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { EbpfCollector } from "../../src/collect/ebpf/ebpf-collector.js";
import { PREEMPTIBLE_TRACEPOINT_WITH_UDP } from "../../src/collect/ebpf/tracepoint-plans.js";
import type { ConnectionKey } from "../../src/model/sample.js";
import { type UdpTraffic, udpTrafficOfTest } from "./udp-traffic.js";

// The programs for tracepoints that can be preempted, also on kernels where these can't be. A program that the kernel skips is
// one that is not there.

const OBJECT_FOLDER = fileURLToPath(new URL("../../bpf/", import.meta.url));

function openCollector(programs: readonly string[]): EbpfCollector {
  const collector = EbpfCollector.open(
    { ...PREEMPTIBLE_TRACEPOINT_WITH_UDP, programs, missedEvents: () => 0 },
    { objectFolder: OBJECT_FOLDER },
  );
  onTestFinished(() => collector.close());
  return collector;
}

/** What the rows of the socket sum up to. */
async function bytesSeen(collector: EbpfCollector, cookie: string): Promise<readonly [number, number]> {
  const { sockets } = await collector.sample([]);
  const ofSocket = (key: ConnectionKey): boolean => `${key}`.split("/")[0] === cookie;
  return sockets
    .filter((reading) => ofSocket(reading.cookie))
    .reduce<readonly [number, number]>(
      ([tx, rx], { txBytes, rxBytes }) => [tx + (txBytes ?? 0), rx + (rxBytes ?? 0)],
      [0, 0],
    );
}

async function expectTruth(collector: EbpfCollector, traffic: UdpTraffic): Promise<void> {
  const cookies = new Set(traffic.endpoints().map(({ cookie }) => cookie));
  expect(cookies.size).toBeGreaterThan(1);
  for (const cookie of cookies) {
    const ends = traffic.endpoints().filter((end) => end.cookie === cookie);
    const sum = (of: "tx_bytes" | "rx_bytes"): number => ends.reduce((total, end) => total + end[of], 0);
    expect(await bytesSeen(collector, cookie)).toEqual([sum("tx_bytes"), sum("rx_bytes")]);
  }
}

const TCP_PROGRAMS = ["tcp_state_changed", "tcp_destroyed"];

function linksOfChain(links: readonly number[]): readonly string[] {
  return links.flatMap((link) => [`datagram_sent_${link}`, `datagram_received_${link}`]);
}

test.each([[[1, 2, 3, 4]], [[1]], [[2, 3]], [[4]], [[1, 4]]])(
  "each call is counted once by the programs %o of the chain",
  async (links) => {
    const collector = openCollector([...TCP_PROGRAMS, ...linksOfChain(links)]);
    await expectTruth(collector, await udpTrafficOfTest("sendto"));
    await expectTruth(collector, await udpTrafficOfTest("threads"));
  },
);

test("the plan's programs are the chain in its order", () => {
  const { programs } = PREEMPTIBLE_TRACEPOINT_WITH_UDP;
  expect(programs.filter((program) => program.startsWith("datagram_sent_"))).toEqual(
    [1, 2, 3, 4].map((link) => `datagram_sent_${link}`),
  );
  expect(programs.filter((program) => program.startsWith("datagram_received_"))).toEqual(
    [1, 2, 3, 4].map((link) => `datagram_received_${link}`),
  );
});
