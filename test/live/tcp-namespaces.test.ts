import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { expectClosedRow, expectOpenRow, NO_OWNER, rowOf } from "./exactness.js";
import { connectNetns, type Netns } from "./netns.js";
import { netnsOfTest, tcptopOfTest, trafficOfTest } from "./of-test.js";
import { startTcptop, type Tcptop } from "./tcptop.js";
import type { ConnectionLine, FrameLines } from "./tcptop-lines.js";
import type { Traffic, TrafficEndpoint } from "./traffic.js";

// Every network namespace of the host: those that are there, those that come and go, and sockets in them that no
// process holds.

let tcptop: Tcptop;

beforeAll(async () => {
  tcptop = await startTcptop();
});

afterAll(async () => {
  expect(await tcptop.stop()).toEqual({ status: 0, stderr: "" });
});

describe("both ends in different namespaces", () => {
  test("seen by a tcptop that was there before them", async () => {
    const { traffic, first, second } = await trafficBetweenNetns();
    const frame = await tcptop.nextFrame();
    for (const end of traffic.endpoints()) expectOpenRow(frame, end);
    expect(rowOf(frame, traffic.endpoint("client"))?.netns_inode).toBe(first.inode);
    expect(rowOf(frame, traffic.endpoint("server"))?.netns_inode).toBe(second.inode);
    for (const end of await traffic.close()) await expectClosedRow(tcptop, end);
  });

  test("in the first frame of a tcptop that came after them", async () => {
    const { traffic } = await trafficBetweenNetns();
    const young = await tcptopOfTest();
    const frame = await young.firstSample();
    for (const end of traffic.endpoints()) expectOpenRow(frame, end);
    for (const end of await traffic.close()) await expectClosedRow(young, end);
  });
});

async function trafficBetweenNetns(): Promise<{
  readonly traffic: Traffic;
  readonly first: Netns;
  readonly second: Netns;
}> {
  const [first, second] = [netnsOfTest(), netnsOfTest()];
  const { secondAddr } = connectNetns(first, second);
  const places = { client_netns: first.name, server_netns: second.name, server_addr: secondAddr };
  return { traffic: await trafficOfTest("plain", "twons", places), first, second };
}

describe("a namespace that comes and goes", () => {
  test("its connections are exact, open and closed", async () => {
    const netns = netnsOfTest();
    const traffic = await trafficOfTest("plain", "send", {}, { netns: netns.name });
    const frame = await tcptop.nextFrame();
    for (const end of traffic.endpoints()) expectOpenRow(frame, end);
    const ends = await traffic.close();
    await traffic.end();
    netns.remove();
    for (const end of ends) await expectClosedRow(tcptop, end);
  });

  test("one that has lost its name lives on with its processes", async () => {
    const netns = netnsOfTest();
    const traffic = await trafficOfTest("plain", "old", {}, { netns: netns.name });
    netns.remove();
    await traffic.order("more");
    const frame = await tcptop.nextFrame();
    for (const end of traffic.endpoints()) expectOpenRow(frame, end);
    for (const end of await traffic.close()) await expectClosedRow(tcptop, end);
  });

  test("no row is left of it when its processes are killed", async () => {
    const netns = netnsOfTest();
    const traffic = await trafficOfTest("plain", "old", {}, { netns: netns.name });
    await tcptop.nextFrame();
    netns.remove();
    await traffic.end();
    const ids = new Set(traffic.endpoints().map(({ cookie }) => cookie));
    const isOfIt = (row: ConnectionLine): boolean => ids.has(row.id);
    await tcptop.frameWhere(({ connections }) => !connections.some(isOfIt));
    expect(tcptop.closedRows().filter(isOfIt)).toHaveLength(2);
  });
});

describe("not accepted yet", () => {
  test.each([
    ["in this namespace", () => undefined],
    ["in another", netnsOfTest],
  ])("in the accept queue, and then accepted: %s", async (_, place) => {
    const netns = place();
    const traffic = await trafficOfTest("queued", "queued", {}, netns && { netns: netns.name });
    const client = traffic.endpoint("client");
    const frame = await tcptop.nextFrame();
    expectOpenRow(frame, client);
    expectQueuedRow(frame, client);
    await traffic.order("accept");
    const later = await tcptop.nextFrame();
    for (const end of traffic.endpoints()) expectOpenRow(later, end);
    expect(queuedRow(frame, client)?.id).toBe(traffic.endpoint("server").cookie);
    for (const end of await traffic.close()) await expectClosedRow(tcptop, end);
  });

  test.each([
    ["in this namespace", () => undefined],
    ["in another", netnsOfTest],
  ])("older than tcptop: %s", async (_, place) => {
    const netns = place();
    const traffic = await trafficOfTest("queued", "queued", { n: 3 }, netns && { netns: netns.name });
    const frame = await (await tcptopOfTest()).firstSample();
    expect(traffic.endpoints()).toHaveLength(3);
    for (const client of traffic.endpoints()) {
      expectOpenRow(frame, client);
      expectQueuedRow(frame, client);
    }
  });

  test("the peer's FIN is no byte that waits to be read", async () => {
    const traffic = await trafficOfTest("queued", "queued", { half: 1 });
    const client = traffic.endpoint("client");
    const frame = await tcptop.nextFrame();
    expectOpenRow(frame, client);
    expect(queuedRow(frame, client)).toMatchObject({ state: "CLOSE_WAIT", recv_queue: client.tx_bytes });
    await traffic.order("accept");
    expectOpenRow(await tcptop.nextFrame(), traffic.endpoint("server"));
    for (const end of await traffic.close()) await expectClosedRow(tcptop, end);
  });

  test("never accepted: the kernel resets it with the listener, and no process is made its owner", async () => {
    const traffic = await trafficOfTest("queued", "queued");
    const client = traffic.endpoint("client");
    const id = queuedRow(await tcptop.nextFrame(), client)?.id;
    for (const end of await traffic.close()) await expectClosedRow(tcptop, end);
    const closed = (): readonly ConnectionLine[] => tcptop.closedRows().filter((row) => row.id === id);
    await expect.poll(closed, { timeout: 10_000 }).toHaveLength(1);
    expect(closed()).toMatchObject([
      { tx_bytes: 0, rx_bytes: client.tx_bytes, direction: "in", end_reason: "reset", ...NO_OWNER },
    ]);
  });
});

/** What the server's end must say while nobody has accepted it: its truth is what its client knows. */
function expectQueuedRow(frame: FrameLines, client: TrafficEndpoint): void {
  expect(queuedRow(frame, client)).toMatchObject({
    state: "ESTABLISHED",
    netns_inode: client.netns,
    tx_bytes: client.rx_bytes,
    rx_bytes: client.tx_bytes,
    recv_queue: client.tx_bytes,
    direction: "in",
    closed: false,
    ...NO_OWNER,
  });
}

function queuedRow(frame: FrameLines, client: TrafficEndpoint): ConnectionLine | undefined {
  return frame.connections.find(
    (row) =>
      row.local_port === client.remote_port &&
      row.remote_port === client.local_port &&
      row.netns_inode === client.netns,
  );
}
