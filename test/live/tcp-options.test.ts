import { describe, expect, test } from "vitest";
import { expectOpenRow, rowOf } from "./exactness.js";
import { netnsOfTest, tcptopOfTest, trafficOfTest } from "./of-test.js";
import type { ConnectionLine, FrameLines } from "./tcptop-lines.js";
import type { TrafficEndpoint } from "./traffic.js";

// Which rows are shown, and in which order, of connections that are really there.

describe("families", () => {
  test.each([
    ["-4", ["-4"], ["4"]],
    ["-6", ["-6"], ["6"]],
    ["-4 -6", ["-4", "-6"], ["4", "6"]],
  ])("%s", async (_, args, families) => {
    const all = [
      await trafficOfTest("plain", "send"),
      await trafficOfTest("plain", "v4mapped"),
      await trafficOfTest("plain", "ipv6"),
    ].flatMap((traffic) => traffic.endpoints());
    expect(all.map(({ family }) => family)).toEqual([4, 4, 4, 4, 6, 6]);
    const frame = await firstFrame(args);
    for (const end of all) {
      if (families.includes(String(end.family))) expectOpenRow(frame, end);
      else expect(rowOf(frame, end)).toBeUndefined();
    }
    expect(frame.connections.filter(({ family }) => !families.includes(family))).toEqual([]);
  });
});

describe("-p", () => {
  test("one process: its end, and not the other", async () => {
    const traffic = await trafficOfTest("plain", "send");
    const server = traffic.endpoint("server");
    const frame = await firstFrame(["-p", String(server.pid)]);
    expectOpenRow(frame, server);
    expect(frame.connections).toHaveLength(1);
  });

  test("any of several owners", async () => {
    const traffic = await trafficOfTest("workers", "workers4");
    const client = traffic.endpoint("client");
    for (const pid of client.owners) {
      const frame = await firstFrame(["-p", String(pid)]);
      expectOpenRow(frame, client);
      expect(frame.connections).toHaveLength(1);
    }
  });

  test("its last row comes when it has closed, and then none", async () => {
    const traffic = await trafficOfTest("plain", "send");
    const client = traffic.endpoint("client");
    const tcptop = await tcptopOfTest(["-p", String(client.pid)]);
    await traffic.close();
    const frame = await tcptop.frameWhere(({ connections }) => connections.some(({ closed }) => closed));
    expect(rowOf(frame, client)).toMatchObject({ closed: true, tx_bytes: client.tx_bytes });
    expect((await tcptop.nextFrame()).connections).toEqual([]);
  });
});

test("--listening: how many wait for accept() and how many may, as ss has it", async () => {
  const netns = netnsOfTest();
  const traffic = await trafficOfTest("queued", "queued", { n: 3, backlog: 5 }, { netns: netns.name });
  const port = traffic.endpoints()[0]?.remote_port;
  const tcptop = await tcptopOfTest(["--listening"]);
  const [queue, limit] = netns
    .run("ss", "-ltnH", `sport = :${port}`)
    .trim()
    .split(/\s+/)
    .slice(1)
    .map(Number);
  expect([queue, limit]).toEqual([3, 5]);
  expect(rowsOfPort(await tcptop.nextFrame(), port)).toMatchObject([
    {
      state: "LISTEN",
      accept_queue: queue,
      accept_limit: limit,
      local_addr: "127.0.0.1",
      remote_addr: null,
      remote_port: null,
      direction: null,
      tx_bytes: null,
      rx_bytes: null,
      send_queue: null,
      recv_queue: null,
      rtt_us: null,
      comm: "tt-server",
      netns_inode: netns.inode,
    },
  ]);
  await traffic.order("accept");
  const frame = await tcptop.nextFrame();
  expect(rowsOfPort(frame, port)).toMatchObject([{ accept_queue: 0, accept_limit: 5 }]);
  expect(frame.connections.filter(({ state }) => state !== "LISTEN")).toEqual([]);
  expect(frame.summary.listening).toBeGreaterThanOrEqual(1);
});

function rowsOfPort(frame: FrameLines, port: number | undefined): readonly ConnectionLine[] {
  return frame.connections.filter(({ local_port }) => local_port === port);
}

test("--active: what moves, opens or closes, in the frame in which it does", async () => {
  const [quiet, busy] = [await trafficOfTest("plain", "old"), await trafficOfTest("plain", "old")];
  const [idle, end] = [quiet.endpoint("client"), busy.endpoint("client")];
  const tcptop = await tcptopOfTest(["--active"]);
  const framesWith = (of: TrafficEndpoint): readonly FrameLines[] =>
    tcptop.frames.filter((frame) => rowOf(frame, of) !== undefined);
  await tcptop.nextFrame();
  expect(framesWith(end)).toEqual([]);
  await busy.order("more");
  await tcptop.nextFrame();
  expect(framesWith(end).length).toBeGreaterThan(0);
  expect(framesWith(end).filter((frame) => (rowOf(frame, end)?.tx_rate ?? 0) === 0)).toEqual([]);
  const moved = framesWith(end).length;
  await tcptop.nextFrame();
  expect(framesWith(end)).toHaveLength(moved);

  const young = await trafficOfTest("plain", "send");
  await tcptop.nextFrame();
  expect(framesWith(young.endpoint("client")).length).toBeGreaterThan(0);

  await busy.close();
  await tcptop.nextFrame();
  expect(
    framesWith(end)
      .slice(moved)
      .map((frame) => rowOf(frame, end)?.closed),
  ).toEqual([true]);
  expect(framesWith(idle)).toEqual([]);
});

describe("-s", () => {
  const DESCENDING = (a: number | string, b: number | string): boolean => a >= b;
  const ASCENDING = (a: number | string, b: number | string): boolean => a <= b;

  test.each<readonly [string, (row: ConnectionLine) => number | string, typeof DESCENDING]>([
    ["tx_bytes", ({ tx_bytes }) => tx_bytes ?? -1, DESCENDING],
    ["tx_bytes:asc", ({ tx_bytes }) => tx_bytes ?? Number.POSITIVE_INFINITY, ASCENDING],
    ["rx_bytes:desc", ({ rx_bytes }) => rx_bytes ?? -1, DESCENDING],
    ["comm", ({ comm }) => comm ?? "\uffff", ASCENDING],
    ["local_port:desc", ({ local_port }) => local_port, DESCENDING],
  ])("%s", async (sort, value, inOrder) => {
    const ends: TrafficEndpoint[] = [];
    for (const bytes of [70_001, 30, 500_009]) {
      const traffic = await trafficOfTest("plain", "send", { bytes, reply_bytes: bytes - 7 });
      ends.push(...traffic.endpoints());
    }
    const frame = await firstFrame(["-s", sort]);
    for (const end of ends) expect(rowOf(frame, end)).toBeDefined();
    const values = frame.connections.map(value);
    const isMisplaced = (one: number | string, index: number): boolean => {
      const before = values[index - 1];
      return before !== undefined && !inOrder(before, one);
    };
    expect(values.filter(isMisplaced)).toEqual([]);
    expect(new Set(values).size).toBeGreaterThan(1);
  });
});

async function firstFrame(args: readonly string[]): Promise<FrameLines> {
  const tcptop = await tcptopOfTest(args);
  return tcptop.firstSample();
}
