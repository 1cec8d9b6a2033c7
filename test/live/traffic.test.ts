import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { afterEach, describe, expect, onTestFinished, test } from "vitest";
import type { TrafficProgram } from "../traffic/build.js";
import { connectNetns, makeNetns, type Netns } from "./netns.js";
import { startTraffic, type Traffic, type TrafficArguments, type TrafficEndpoint } from "./traffic.js";

// The generators' own truths have to agree with each other before anything is compared with them.

const running = new Set<Traffic>();

afterEach(async () => {
  for (const traffic of running) await traffic.end();
  running.clear();
});

async function start(
  program: TrafficProgram,
  caseName: string,
  args: TrafficArguments = {},
): Promise<Traffic> {
  const traffic = await startTraffic(program, caseName, args);
  running.add(traffic);
  return traffic;
}

function netnsOfThisTest(): Netns {
  const netns = makeNetns();
  onTestFinished(netns.remove);
  return netns;
}

/** Each server's end paired with the client's end of the same connection. */
function pairs(ends: readonly TrafficEndpoint[]): (readonly [TrafficEndpoint, TrafficEndpoint])[] {
  const clients = new Map(ends.filter((end) => end.side === "client").map((end) => [end.local_port, end]));
  return ends
    .filter((end) => end.side === "server")
    .map((server) => {
      const client = clients.get(server.remote_port);
      if (client === undefined) throw new Error(`no client at port ${server.remote_port}`);
      return [client, server] as const;
    });
}

function expectAgreement(ends: readonly TrafficEndpoint[], connections: number): void {
  const found = pairs(ends);
  expect(found).toHaveLength(connections);
  for (const [client, server] of found) {
    expect([client.tx_bytes, client.rx_bytes]).toEqual([server.rx_bytes, server.tx_bytes]);
    expect([client.local_addr, client.remote_addr]).toEqual([server.remote_addr, server.local_addr]);
    expect(client.tx_bytes + client.rx_bytes).toBeGreaterThan(0);
  }
}

type HeldCase = readonly [TrafficProgram, string, TrafficArguments];

const HELD: readonly HeldCase[] = [
  ["plain", "send", {}],
  ["plain", "ipv6", {}],
  ["plain", "v4mapped", {}],
  ["receive", "peek", {}],
  ["receive", "waitall", {}],
  ["receive", "bigbuf", {}],
  ["receive", "eagain", {}],
  ["receive", "eagain", { end: "reset" }],
  ["zerocopy", "sendfile", {}],
  ["zerocopy", "splice", {}],
  ["zerocopy", "zerocopy", {}],
  ["zerocopy", "zerocopy-receive", {}],
  ["uring", "io_uring", {}],
  ["uring", "io_uring", { mode: "direct" }],
  ["uring", "io_uring", { mode: "sqpoll" }],
  ["ending", "halfclose", {}],
  ["ending", "orphan", {}],
  ["ending", "rst-client", {}],
  ["ending", "rst-server", {}],
  ["ending", "rst-unread", {}],
  ["ending", "rst-unread", { side: "server" }],
  ["ending", "kill9", {}],
  ["ending", "kill9", { side: "server" }],
  ["ending", "kill9", { unread: 777 }],
  ["ending", "kill9", { side: "server", unread: 777 }],
  ["mptcp", "mptcp", {}],
  ["mptcp", "mptcp-fallback", {}],
  ["mptcp", "mptcp-fallback-client", {}],
  ["workers", "workers4", {}],
  ["handover", "scm", {}],
  ["handover", "scm", { quiet: 1 }],
  ["handover", "gone", {}],
];

describe("one connection, held until told", () => {
  test.each(HELD)("%s %s %o", async (program, caseName, args) => {
    const traffic = await start(program, caseName, args);
    expectAgreement(traffic.endpoints(), 1);
    expectAgreement(await traffic.close(), 1);
  });
});

test("IPv4-mapped ends are told as IPv4", async () => {
  const traffic = await start("plain", "v4mapped");
  expect(traffic.endpoints()).toMatchObject([
    { family: 4, local_addr: "127.0.0.1" },
    { family: 4, local_addr: "127.0.0.1" },
  ]);
});

test("what was written and never left is not in the truth of a reset", async () => {
  const traffic = await start("receive", "eagain", { end: "reset" });
  const held = traffic.endpoint("client");
  const final = (await traffic.close()).find((end) => end.side === "client");
  expect(held.tcp_info?.unsent_bytes).toBeGreaterThan(0);
  expect(final).toMatchObject({ tx_bytes: held.tx_bytes, end_reason: "reset_by_peer" });
});

test.each([
  [{}, ["reset", "reset", "fin"]],
  [{ refused: 1, end: "fin" }, ["refused", "fin", "fin", "fin"]],
])("one socket, several connections: %o", async (args, reasons) => {
  const traffic = await start("reuse", "reuse", args);
  const ends = await traffic.close();
  const clients = ends.filter((end) => end.side === "client");
  expectAgreement(ends, 3);
  expect(new Set(clients.map((end) => end.cookie)).size).toBe(1);
  expect(clients.map((end) => end.incarnation)).toEqual(reasons.map((_, index) => index));
  expect(clients.map((end) => end.end_reason)).toEqual(reasons);
});

test("a refused connection has moved nothing", async () => {
  const traffic = await start("ending", "refused");
  const { endpoints } = await traffic.waitFor("closed");
  expect(endpoints).toMatchObject([{ side: "client", tx_bytes: 0, rx_bytes: 0, end_reason: "refused" }]);
});

test.each([{ n: 200 }, { n: 200, parallel: 3 }])("short connections: %o", async (args) => {
  const traffic = await start("short", "short", args);
  expectAgreement((await traffic.waitFor("closed")).endpoints, 200);
});

test("prefork: each worker owns what it accepted", async () => {
  const traffic = await start("workers", "prefork");
  const servers = traffic.endpoints().filter((end) => end.side === "server");
  expectAgreement(traffic.endpoints(), 8);
  expect(new Set(servers.map((end) => end.pid)).size).toBe(4);
  expect(servers.every((end) => end.owners.length === 1 && end.owners[0] === end.pid)).toBe(true);
  expectAgreement(await traffic.close(), 8);
});

test("more is moved on order", async () => {
  const traffic = await start("plain", "old");
  const before = traffic.endpoint("client").tx_bytes;
  await traffic.order("more");
  expect(traffic.endpoint("client").tx_bytes).toBe(before + 7001);
  expectAgreement(await traffic.close(), 1);
});

test("both ends in different network namespaces", async () => {
  const [first, second] = [netnsOfThisTest(), netnsOfThisTest()];
  const { firstAddr, secondAddr } = connectNetns(first, second);
  const traffic = await start("plain", "twons", {
    client_netns: first.name,
    server_netns: second.name,
    server_addr: secondAddr,
  });
  expect(traffic.endpoint("client")).toMatchObject({ local_addr: firstAddr, netns: first.inode });
  expect(traffic.endpoint("server")).toMatchObject({ local_addr: secondAddr, netns: second.inode });
  expectAgreement(await traffic.close(), 1);
});

// Every third packet from client to server is dropped; what both ends say in the end stays the same.
test.each(["input", "output"])("loss by a rule on %s", async (hook) => {
  const netns = netnsOfThisTest();
  const traffic = await startTraffic("plain", "bulk", { bytes: 20_011, chunk: 997 }, { netns: netns.name });
  running.add(traffic);
  const { remote_port: port } = traffic.endpoint("client");
  netns.setRules(`table inet loss { chain drops { type filter hook ${hook} priority 0; policy accept;
    tcp dport ${port} numgen inc mod 3 0 counter drop; }; }`);
  await traffic.order("go");
  netns.setRules("");
  expect(traffic.endpoint("client")).toMatchObject({ tx_bytes: 20_011 });
  expect(traffic.endpoint("client").tcp_info?.bytes_sent).toBeGreaterThan(20_011);
  expectAgreement(await traffic.close(), 1);
});

test("a locked socket holds whoever asks for it, until it is released", async () => {
  const traffic = await start("locked", "locked");
  const { local_port: port } = traffic.endpoint("client");
  const asking = spawn("ss", ["-tinH", `sport = :${port}`], { stdio: "ignore" });
  const answered = new Promise<"answered">((resolve) => asking.once("close", () => resolve("answered")));
  const later = new Promise<"waiting">((resolve) => setTimeout(resolve, 1000, "waiting"));
  expect(await Promise.race([answered, later])).toBe("waiting");
  await traffic.order("release");
  expect(await answered).toBe("answered");
  expectAgreement(traffic.endpoints(), 1);
});

test("many idle connections, some of them active", async () => {
  const traffic = await start("conns", "conns", { n: 1500, active: 10 });
  expect(await traffic.close()).toEqual([]);
});

test("nothing is left running", async () => {
  const traffic = await start("workers", "workers4");
  const pids = [traffic.pid, ...traffic.endpoints().flatMap((end) => end.owners)];
  expect(pids.every(isRunning)).toBe(true);
  await traffic.end();
  await expect.poll(() => pids.filter(isRunning), { timeout: 5_000 }).toEqual([]);
});

function isRunning(pid: number): boolean {
  return existsSync(`/proc/${pid}`);
}
