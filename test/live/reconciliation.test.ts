import { expect, test } from "vitest";
import { connectNetns, type Netns } from "./netns.js";
import { netnsOfTest, tcptopOfTest, trafficOfTest } from "./of-test.js";
import type { SummaryLine } from "./tcptop-lines.js";
import { udpTrafficOfTest } from "./udp-traffic.js";

// Payload that is known to the byte, beside what the devices of tcptop's own network namespace counted.

/** An IPv4 and a UDP header. */
const LEAST_HEADERS = 28;
/** Ethernet, IPv6 or IPv4, and a TCP header with all options that fit; a multicast report has no payload at all. */
const MOST_HEADERS = 130;

test("on loopback, TCP and UDP: payload is less than the interface moved, by what headers explain", async () => {
  const netns = netnsOfTest();
  const tcptop = await tcptopOfTest([], ["ip", "netns", "exec", netns.name]);
  const before = countersOf(netns, "lo");
  const tcp = await trafficOfTest("plain", "send", { bytes: 1_000_003 }, { netns: netns.name });
  const udp = await udpTrafficOfTest("quic", {}, { netns: netns.name });
  const { summary } = await tcptop.nextFrame();
  const after = countersOf(netns, "lo");
  const payload = [...tcp.endpoints(), ...udp.endpoints()].reduce((sum, { tx_bytes }) => sum + tx_bytes, 0);
  expect(payload).toBeGreaterThan(1_000_000);
  expect(summary.interfaces).toBe("lo");
  for (const bytes of [summary.interfaces_tx_bytes, summary.interfaces_rx_bytes]) {
    expectExplained(bytes, payload, after.txPackets - before.txPackets);
  }
  // What was there before tcptop is not in it.
  expect(summary.interfaces_tx_bytes).toBe(after.txBytes - before.txBytes);
});

test("between namespaces, each way has its own device's counters", async () => {
  const [inside, outside] = [netnsOfTest(), netnsOfTest()];
  const { secondAddr } = connectNetns(inside, outside);
  const tcptop = await tcptopOfTest([], ["ip", "netns", "exec", inside.name]);
  const before = countersOf(inside, "veth-first");
  const places = { client_netns: inside.name, server_netns: outside.name, server_addr: secondAddr };
  const traffic = await trafficOfTest("plain", "twons", { bytes: 500_009, reply_bytes: 20_011, ...places });
  const client = traffic.endpoint("client");
  const { summary } = await tcptop.nextFrame();
  const after = countersOf(inside, "veth-first");
  expect(summary.interfaces).toBe("lo veth-first");
  expectExplained(summary.interfaces_tx_bytes, client.tx_bytes, after.txPackets - before.txPackets);
  expectExplained(summary.interfaces_rx_bytes, client.rx_bytes, after.rxPackets - before.rxPackets);
});

test("a bridge is not counted beside its ports", async () => {
  const [inside, outside] = [netnsOfTest(), netnsOfTest()];
  const { secondAddr } = connectNetns(inside, outside);
  inside.run("ip", "link", "add", "bridge0", "type", "bridge");
  inside.run("ip", "address", "flush", "dev", "veth-first");
  inside.run("ip", "link", "set", "veth-first", "master", "bridge0");
  inside.run("ip", "address", "add", "192.0.2.1/24", "dev", "bridge0");
  inside.run("ip", "link", "set", "bridge0", "up");
  const tcptop = await tcptopOfTest([], ["ip", "netns", "exec", inside.name]);
  const before = countersOf(inside, "veth-first");
  const places = { client_netns: inside.name, server_netns: outside.name, server_addr: secondAddr };
  const traffic = await trafficOfTest("plain", "twons", places);
  const { summary } = await tcptop.nextFrame();
  const after = countersOf(inside, "veth-first");
  expect(summary.interfaces).toBe("lo veth-first");
  const { tx_bytes } = traffic.endpoint("client");
  expectExplained(summary.interfaces_tx_bytes, tx_bytes, after.txPackets - before.txPackets);
});

test("the first frame has nothing to compare with", async () => {
  const netns = netnsOfTest();
  const tcptop = await tcptopOfTest([], ["ip", "netns", "exec", netns.name]);
  const summary: SummaryLine | undefined = tcptop.frames[0]?.summary;
  expect(summary).toMatchObject({ interfaces_tx_rate: null, interfaces_excess: null });
  expect(summary?.interfaces_tx_bytes).toBe(0);
});

test("in a namespace whose devices sysfs does not show, nothing is claimed", async () => {
  const netns = netnsOfTest();
  const tcptop = await tcptopOfTest([], ["nsenter", `--net=/run/netns/${netns.name}`]);
  const { summary } = await tcptop.nextFrame();
  expect(summary).toMatchObject({ interfaces: null, interfaces_tx_bytes: null, interfaces_tx_rate: null });
});

function expectExplained(bytes: number | null, payload: number, packets: number): void {
  expect(packets).toBeGreaterThan(0);
  expect(bytes).toBeGreaterThanOrEqual(payload + LEAST_HEADERS * packets);
  expect(bytes).toBeLessThanOrEqual(payload + MOST_HEADERS * packets);
}

interface Counters {
  readonly txBytes: number;
  readonly txPackets: number;
  readonly rxPackets: number;
}

function countersOf(netns: Netns, device: string): Counters {
  const line = netns.run("grep", `${device}:`, "/proc/net/dev");
  const [, rxPackets, , , , , , , txBytes, txPackets] =
    line.split(":")[1]?.trim().split(/ +/).map(Number) ?? [];
  if (rxPackets === undefined || txBytes === undefined || txPackets === undefined) throw new Error(line);
  return { txBytes, txPackets, rxPackets };
}
