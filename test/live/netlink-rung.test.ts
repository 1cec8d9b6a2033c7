import { readdirSync, readlinkSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { TrafficProgram } from "../traffic/build.js";
import { expectOpenRow, rowOf } from "./exactness.js";
import { expectClosedRowByNetlink, expectClosedRowsByNetlink } from "./netlink-exactness.js";
import { netnsOfTest, tcptopOfTest, trafficOfTest } from "./of-test.js";
import { childrenOf, isRunning } from "./processes.js";
import { runProgram } from "./run-program.js";
import { launchTcptop, startTcptop, TCPTOP, type Tcptop } from "./tcptop.js";
import type { ConnectionLine } from "./tcptop-lines.js";
import type { TrafficArguments } from "./traffic.js";
import { rowsOfSockets } from "./udp-exactness.js";
import { type UdpEndpoint, udpTrafficOfTest } from "./udp-traffic.js";

// The rung without eBPF: sock_diag, its destroy groups, and /proc for owners.

const NETLINK = ["--rung", "netlink"];

let tcptop: Tcptop;

beforeAll(async () => {
  tcptop = await startTcptop(NETLINK);
});

afterAll(async () => {
  expect(await tcptop.stop()).toEqual({ status: 0, stderr: "" });
});

type HeldCase = readonly [TrafficProgram, string, TrafficArguments];

const HELD: readonly HeldCase[] = [
  ["plain", "send", {}],
  ["plain", "ipv6", {}],
  ["plain", "v4mapped", {}],
  ["receive", "peek", {}],
  ["receive", "eagain", {}],
  ["receive", "eagain", { end: "reset" }],
  ["zerocopy", "sendfile", {}],
  ["zerocopy", "zerocopy", {}],
  ["ending", "halfclose", {}],
  ["ending", "orphan", {}],
  ["ending", "rst-client", {}],
  ["ending", "rst-server", {}],
  ["ending", "rst-unread", {}],
  ["ending", "rst-unread", { side: "server" }],
  ["ending", "kill9", {}],
  ["ending", "kill9", { side: "server", unread: 777 }],
  ["mptcp", "mptcp", {}],
  ["workers", "workers4", {}],
  ["workers", "prefork", {}],
  ["handover", "scm", {}],
];

describe("TCP, open and closed", () => {
  test.each(HELD)("%s %s %o", async (program, caseName, args) => {
    const traffic = await trafficOfTest(program, caseName, args);
    const ends = traffic.endpoints().filter(({ state }) => state !== null);
    // Who holds what is asked for when there are new sockets, and after a while.
    await tcptop.frameWhere((frame) => ends.every((end) => rowOf(frame, end)?.pid === end.pid));
    const frame = await tcptop.nextFrame();
    for (const end of ends) expectOpenRow(frame, end);
    for (const end of await traffic.close()) await expectClosedRowByNetlink(tcptop, end);
  });

  test("what moves later is counted to the byte, and the rates are of it", async () => {
    const traffic = await trafficOfTest("plain", "old", { more: 700_001, more_reply: 300_007 });
    for (let round = 0; round < 3; round++) {
      const frame = await tcptop.nextFrame();
      for (const end of traffic.endpoints()) expectOpenRow(frame, end);
      await traffic.order("more");
    }
    for (const end of await traffic.close()) await expectClosedRowByNetlink(tcptop, end);
    const client = traffic.endpoint("client");
    expect(tcptop.frames.some((frame) => (rowOf(frame, client)?.tx_rate ?? 0) > 0)).toBe(true);
  });

  test("several connections of one socket, each seen while it was open", async () => {
    const traffic = await trafficOfTest("reuse", "reuse", { hold: 1 });
    const ids: (string | undefined)[] = [];
    for (let connection = 1; connection <= 3; connection++) {
      const client = traffic.endpoints().findLast(({ side }) => side === "client");
      if (client === undefined) throw new Error("the generator told no end");
      const frame = await tcptop.nextFrame();
      expectOpenRow(frame, client);
      ids.push(rowOf(frame, client)?.id);
      if (connection < 3) await traffic.order("next");
    }
    const cookie = ids[0];
    expect(ids).toEqual([cookie, `${cookie}.1`, `${cookie}.2`]);
    await traffic.close();
    const closed = () => tcptop.closedRows().filter(({ id }) => id.split(".")[0] === cookie);
    await expect
      .poll(
        () =>
          closed()
            .map(({ id }) => id)
            .sort(),
        { timeout: 10_000 },
      )
      .toEqual(ids.toSorted());
  });

  test.each([{ n: 300 }, { n: 300, parallel: 3 }])("shorter than a tick: %o", async (args) => {
    const traffic = await trafficOfTest("short", "short", args);
    const { endpoints } = await traffic.waitFor("closed");
    expect(endpoints).toHaveLength(600);
    const before = tcptop.frames[0]?.summary.tx_bytes ?? 0;
    await expectClosedRowsByNetlink(tcptop, endpoints);
    const moved = (tcptop.frames.at(-1)?.summary.tx_bytes ?? 0) - before;
    expect(moved).toBeGreaterThanOrEqual(endpoints.reduce((sum, end) => sum + end.tx_bytes, 0));
  });
});

describe("UDP", () => {
  test.each([
    ["connected", {}],
    ["ipv6", { connect: 1 }],
    ["v4mapped", { connect: 1 }],
    ["sendto", {}],
    ["slow", {}],
  ] as const)("%s %o: rows without bytes, with drops and owners", async (caseName, args) => {
    const traffic = await udpTrafficOfTest(caseName, args);
    const sockets = socketsOf(traffic.endpoints());
    const listening = await tcptopOfTest([...NETLINK, "--listening"]);
    const said = async () => {
      const frames = [await tcptop.nextFrame(), await listening.nextFrame()];
      const rows = frames.flatMap(({ connections }) => rowsOfSockets(connections, sockets));
      return rows.map(({ id, tx_bytes, rx_bytes, drops, owners }) => ({
        id,
        tx_bytes,
        rx_bytes,
        drops,
        owners,
      }));
    };
    const expected = sockets.map(({ cookie, drops, owners }) => ({
      ...{ id: cookie, tx_bytes: null, rx_bytes: null, drops, owners },
    }));
    const byId = (rows: readonly { readonly id: string }[]) =>
      rows.toSorted((a, b) => (a.id < b.id ? -1 : 1));
    await expect.poll(async () => byId(await said()), { timeout: 20_000 }).toEqual(byId(expected));
    await traffic.close();
    const closed = () => rowsOfSockets([...tcptop.closedRows(), ...listening.closedRows()], sockets);
    const ids = () => new Set(closed().map(({ id, end_reason }) => `${id} ${end_reason}`));
    const all = new Set(sockets.map(({ cookie }) => `${cookie} closed`));
    await expect.poll(ids, { timeout: 10_000 }).toEqual(all);
  });
});

/** One end for each socket, whatever peers it has. */
function socketsOf(ends: readonly UdpEndpoint[]): readonly UdpEndpoint[] {
  return [...new Map(ends.map((end) => [end.cookie, end])).values()];
}

describe("network namespaces", () => {
  test("are opened when they come, and let go of when they go", async () => {
    const own = await tcptopOfTest(NETLINK);
    const held = () =>
      descriptorsOf(own.pid) + childrenOf(own.pid).reduce((sum, pid) => sum + descriptorsOf(pid), 0);
    await own.nextFrame();
    const before = held();
    for (let round = 0; round < 3; round++) {
      const namespaces = [netnsOfTest(), netnsOfTest()];
      for (const { name, inode } of namespaces) {
        const traffic = await trafficOfTest("plain", "send", {}, { netns: name });
        const isIn = (row: ConnectionLine) => row.netns_inode === inode;
        const areTwo = (rows: readonly ConnectionLine[]) =>
          rows.length === 2 && rows.every(({ pid }) => pid !== null);
        const frame = await own.frameWhere(({ connections }) => areTwo(connections.filter(isIn)));
        for (const end of traffic.endpoints()) expect(rowOf(frame, end)).toMatchObject({ netns: name });
        for (const end of await traffic.close()) await expectClosedRowByNetlink(own, end);
        await traffic.end();
      }
      for (const { remove } of namespaces) remove();
    }
    await expect.poll(held, { timeout: 10_000, interval: 200 }).toBeLessThanOrEqual(before);
    expect(await own.stop()).toEqual({ status: 0, stderr: "" });
  });
});

function descriptorsOf(pid: number): number {
  const folder = `/proc/${pid}/fd`;
  return readdirSync(folder).filter((fd) => isSocketOrTable(`${folder}/${fd}`)).length;
}

/** What a namespace is held by; Node's own descriptors come and go. */
function isSocketOrTable(path: string): boolean {
  try {
    return /^socket:|sockstat/.test(readlinkSync(path));
  } catch {
    return false;
  }
}

describe("a process that keeps a socket locked", () => {
  test("is said, hears of ends meanwhile, and does not hold up the end", async () => {
    const locked = await trafficOfTest("locked", "locked");
    const stuck = launchTcptop(NETLINK);
    await stuck.frameWhere((frame) => /locked/.test(frame.summary.stalled ?? ""), 10_000);
    const readers = childrenOf(stuck.pid);
    expect(readers).toHaveLength(1);
    expect(await stuck.stop("SIGINT", 2_000)).toEqual({ status: 0, stderr: "" });
    await locked.order("release");
    await expect.poll(() => readers.filter(isRunning), { timeout: 5_000 }).toEqual([]);
  });

  test("when it lets go, nothing is missing any more", async () => {
    const own = await tcptopOfTest(NETLINK);
    const locked = await trafficOfTest("locked", "locked");
    await own.frameWhere((frame) => /locked/.test(frame.summary.stalled ?? ""), 10_000);
    const short = await trafficOfTest("short", "short", { n: 30 });
    await expectClosedRowsByNetlink(own, (await short.waitFor("closed")).endpoints);
    await locked.order("release");
    await own.frameWhere((frame) => frame.summary.stalled === null, 10_000);
    const frame = await own.nextFrame();
    for (const { tx_bytes, rx_bytes, ...end } of locked.endpoints()) {
      expect(rowOf(frame, { tx_bytes, rx_bytes, ...end })).toMatchObject({ tx_bytes, rx_bytes });
    }
    await locked.close();
  });
});

test("the process that reads goes with tcptop, also when that is killed", async () => {
  const own = await tcptopOfTest(NETLINK);
  const readers = childrenOf(own.pid);
  expect(readers).toHaveLength(1);
  await own.stop("SIGKILL");
  await expect.poll(() => readers.filter(isRunning), { timeout: 5_000 }).toEqual([]);
});

test("--rung netlink without the privilege to enter namespaces: status 3, and why", async () => {
  const drop = ["--bounding-set=-all", "--inh-caps=-all", TCPTOP, "-n", "1", ...NETLINK];
  const { status, stdout, stderr } = await runProgram("setpriv", drop);
  expect({ status, stdout }).toEqual({ status: 3, stdout: "" });
  expect(stderr).toMatch(/^tcptop: not privileged to enter network namespaces; [^\n]+\n$/);
});
