import { describe, expect, test } from "vitest";
import { connectNetns } from "./netns.js";
import { netnsOfTest } from "./of-test.js";
import type { TrafficArguments } from "./traffic.js";
import { type UdpEndpoint, udpTrafficOfTest } from "./udp-traffic.js";

// The UDP generators' own truths have to agree with each other before anything is compared with them.

type Sums = Readonly<Record<"sent" | "received", number>>;

/** What clients and servers moved between each two ports; sockets may share a port one after another. */
function sumsByPorts(ends: readonly UdpEndpoint[], side: UdpEndpoint["side"]): ReadonlyMap<string, Sums> {
  const sums = new Map<string, Sums>();
  for (const end of ends) {
    if (end.side !== side || end.remote_port === null) continue;
    const isClient = side === "client";
    const ports = isClient ? [end.local_port, end.remote_port] : [end.remote_port, end.local_port];
    const key = ports.join("-");
    const { sent, received } = sums.get(key) ?? { sent: 0, received: 0 };
    const [there, back] = isClient ? [end.tx_bytes, end.rx_bytes] : [end.rx_bytes, end.tx_bytes];
    sums.set(key, { sent: sent + there, received: received + back });
  }
  return sums;
}

function expectAgreement(ends: readonly UdpEndpoint[]): void {
  const [clients, servers] = [sumsByPorts(ends, "client"), sumsByPorts(ends, "server")];
  expect(clients.size).toBeGreaterThan(0);
  expect(servers).toEqual(clients);
  for (const { sent } of clients.values()) expect(sent).toBeGreaterThan(0);
  for (const end of ends) expect(end.drops).toBe(0);
}

function of(ends: readonly UdpEndpoint[], side: UdpEndpoint["side"]): readonly UdpEndpoint[] {
  return ends.filter((end) => end.side === side);
}

/** Case, arguments, and how many ends the client and the server have. */
type AgreeingCase = readonly [string, TrafficArguments, number, number];

const AGREEING: readonly AgreeingCase[] = [
  ["sendto", {}, 1, 1],
  ["connected", {}, 1, 1],
  ["ipv6", {}, 1, 1],
  ["ipv6", { connect: 1 }, 1, 1],
  ["v4mapped", {}, 1, 1],
  ["v4mapped", { connect: 1 }, 1, 1],
  ["quic", {}, 1, 1],
  ["reconnect", {}, 3, 3],
  ["sendmmsg", {}, 2, 2],
  ["gso", {}, 1, 1],
  ["gso", { gro: 0 }, 1, 1],
  ["gso", { connect: 0 }, 1, 1],
  ["io_uring", {}, 1, 1],
  ["io_uring", { connect: 1 }, 1, 1],
  ["io_uring", { mode: "sqpoll" }, 1, 1],
  ["corked", {}, 2, 2],
  ["peek", {}, 1, 1],
  ["threads", {}, 2, 2],
  ["fork", {}, 1, 1],
  ["peers", {}, 100, 10_000],
];

describe("what one side sent the other received", () => {
  test.each(AGREEING)("%s %o", async (caseName, args, clients, servers) => {
    const traffic = await udpTrafficOfTest(caseName, args);
    for (const ends of [traffic.endpoints(), await traffic.close()]) {
      expectAgreement(ends);
      expect([of(ends, "client").length, of(ends, "server").length]).toEqual([clients, servers]);
    }
  });
});

test("a count that was done by hand", async () => {
  const traffic = await udpTrafficOfTest("sendto");
  // 23 datagrams of 101, 102, ... bytes, answered by 23 of 53, 54, ...
  expect(traffic.endpoint("client")).toMatchObject({ tx_bytes: 2576, rx_bytes: 1472, state: "UNCONN" });
  await traffic.order("more");
  expect(traffic.endpoint("client")).toMatchObject({ tx_bytes: 2576 + 1065, rx_bytes: 1472 + 924 });
  expectAgreement(await traffic.close());
});

test("64 and 1,400 bytes, 10,000 each, both ways", async () => {
  const traffic = await udpTrafficOfTest("quic");
  const bytes = 10_000 * (64 + 1400);
  expect(traffic.endpoint("client")).toMatchObject({ tx_bytes: bytes, rx_bytes: bytes });
});

test("IPv4-mapped ends are told as IPv4", async () => {
  const traffic = await udpTrafficOfTest("v4mapped", { connect: 1 });
  const mapped = { family: 4, local_addr: "127.0.0.1", remote_addr: "127.0.0.1", state: "ESTABLISHED" };
  expect(traffic.endpoints()).toMatchObject([mapped, mapped]);
});

test("one socket connected to one peer, and then to another", async () => {
  const traffic = await udpTrafficOfTest("reconnect");
  const clients = of(traffic.endpoints(), "client");
  expect(new Set(clients.map(({ cookie }) => cookie)).size).toBe(1);
  expect(clients.map(({ state }) => state)).toEqual(["UNCONN", "UNCONN", "ESTABLISHED"]);
});

test.each(["one-shot", "resolver"])("%s: sockets that are closed when they are told", async (caseName) => {
  const traffic = await udpTrafficOfTest(caseName);
  traffic.say("close");
  const { connections, overAMillisecond } = await traffic.waitFor("lasted");
  const clients = of(traffic.endpoints(), "client");
  expect(new Set(clients.map(({ cookie }) => cookie)).size).toBe(connections);
  expect(clients.map(({ end_reason }) => end_reason)).toEqual(clients.map(() => "closed"));
  if (caseName === "one-shot") expect(overAMillisecond).toBeLessThan(connections / 10);
  expectAgreement((await traffic.waitFor("closed")).endpoints);
});

test("slow: what was not received was dropped", async () => {
  const traffic = await udpTrafficOfTest("slow");
  const [client, server] = [traffic.endpoint("client"), traffic.endpoint("server")];
  expect(client).toMatchObject({ tx_bytes: 250_000, rx_bytes: 0, drops: 0 });
  expect(server.drops).toBeGreaterThan(0);
  expect(server.rx_bytes + server.drops * 500).toBe(client.tx_bytes);
});

test("trunc: what the calls returned", async () => {
  const traffic = await udpTrafficOfTest("trunc");
  expect(traffic.endpoint("client")).toMatchObject({ tx_bytes: 23 * 1001 + 253 });
  // 12 whole lengths by MSG_TRUNC, 11 times what the buffer of 100 bytes took.
  expect(traffic.endpoint("server")).toMatchObject({ rx_bytes: 12 * 1001 + 132 + 11 * 100 });
});

test("unnamed: one end without a peer", async () => {
  const traffic = await udpTrafficOfTest("unnamed");
  const client = traffic.endpoint("client");
  const [named, unnamed, ...more] = of(traffic.endpoints(), "server");
  expect(more).toEqual([]);
  expect(named).toMatchObject({ remote_port: client.local_port, rx_bytes: 12 * 101 + 132, tx_bytes: 53 });
  expect(unnamed).toMatchObject({
    remote_addr: null,
    remote_port: null,
    rx_bytes: 11 * 101 + 121,
    tx_bytes: 0,
  });
});

test("errqueue: what came back as errors was sent, and not received", async () => {
  const traffic = await udpTrafficOfTest("errqueue");
  const [lost, answered] = of(traffic.endpoints(), "client");
  expect(lost).toMatchObject({
    remote_addr: "127.9.9.9",
    tx_bytes: 401 + 402 + 403 + 404 + 405 + 17,
    rx_bytes: 0,
  });
  expect(answered).toMatchObject({ tx_bytes: 101, rx_bytes: 53 });
});

test("multicast: one send, two receivers", async () => {
  const traffic = await udpTrafficOfTest("multicast", {}, { netns: netnsOfTest().name });
  const { tx_bytes: sent, local_port: port } = traffic.endpoint("client");
  const [first, second] = of(traffic.endpoints(), "server");
  for (const end of [first, second])
    expect(end).toMatchObject({ rx_bytes: sent, remote_port: port, tx_bytes: 0 });
  expect(first?.cookie).not.toBe(second?.cookie);
});

test("a socket of two processes", async () => {
  const traffic = await udpTrafficOfTest("fork");
  expect(traffic.endpoint("client").owners).toHaveLength(2);
});

test("both ends in different network namespaces", async () => {
  const [first, second] = [netnsOfTest(), netnsOfTest()];
  const { firstAddr, secondAddr } = connectNetns(first, second);
  const places = { client_netns: first.name, server_netns: second.name, server_addr: secondAddr };
  const traffic = await udpTrafficOfTest("connected", places);
  expect(traffic.endpoint("client")).toMatchObject({ local_addr: firstAddr, netns: first.inode });
  expect(traffic.endpoint("server")).toMatchObject({ local_addr: secondAddr, netns: second.inode });
  expectAgreement(await traffic.close());
});
