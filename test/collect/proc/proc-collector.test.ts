import { endianness } from "node:os";
import { describe, expect, onTestFinished, test } from "vitest";
import { ProcCollector } from "../../../src/collect/proc/proc-collector.js";
import { ConnectionTable } from "../../../src/engine/connection-table.js";
import { TcptopError } from "../../../src/model/error.js";
import type { Sample } from "../../../src/model/sample.js";
import { type ProcFolder, type ProcProcess, procFolderOfTest, tableText } from "../../linux/proc-folder.js";

const OWN = 4026531840;
const FOREIGN = 4026532001;
const EMPTY = tableText([]);
const SERVER = "0100007F:B037 0100007F:EB36";
const CLIENT = "0100007F:EB36 0100007F:B037";
const LISTENER = { ends: "0100007F:B037 00000000:0000", state: 10, inode: 1001, rxQueue: 2 };
const SERVER_LINE = { ends: SERVER, inode: 1002, txQueue: 0x1f, rxQueue: 7 };
const CLIENT_LINE = { ends: CLIENT, inode: 1003 };

/** The process that looks has no socket; two others hold the ends of a connection. */
const SELF: ProcProcess = {
  pid: 1,
  comm: "tcptop",
  netns: OWN,
  net: { tcp: tableText([LISTENER, SERVER_LINE, CLIENT_LINE]), tcp6: EMPTY },
};
const NGINX: ProcProcess = { pid: 20, comm: "nginx", netns: OWN, fds: ["socket:[1001]", "socket:[1002]"] };
const CURL: ProcProcess = { pid: 21, comm: "curl", netns: OWN, fds: ["socket:[1003]"] };

function collectorOf(folder: ProcFolder): ProcCollector {
  // However busy the machine is.
  const collector = ProcCollector.open({ procFolder: folder.path, sampleMs: 10_000, tablesMs: 5_000 });
  onTestFinished(() => collector.close());
  return collector;
}

function cookiesByPort(sample: Sample): ReadonlyMap<number, unknown> {
  return new Map(sample.sockets.map(({ tuple, cookie }) => [tuple.localPort, cookie]));
}

describe("a sample", () => {
  test("has what the tables tell, and null for what they do not", async () => {
    const { sockets, ...sample } = await collectorOf(procFolderOfTest([SELF, NGINX, CURL])).sample();
    expect(sample).toMatchObject({ opened: [], closed: [], gone: [], missedEvents: 0, stalled: null });
    const unknown = { txBytes: null, rxBytes: null, rttUs: null, minRttUs: null, retrans: null, cwnd: null };
    const open = { ...unknown, netns: OWN, incarnation: 0, openedNs: null, owner: null, acceptLimit: null };
    expect(sockets).toMatchObject([
      { ...open, state: "LISTEN", acceptQueue: 2, sendQueue: null, recvQueue: null },
      { ...open, state: "ESTABLISHED", acceptQueue: null, sendQueue: 31, recvQueue: 7, direction: null },
      { ...open, state: "ESTABLISHED", tuple: { localPort: 0xeb36, remotePort: 0xb037 } },
    ]);
  });

  test("has UDP's sockets with their drops, beside TCP's with the same ends", async () => {
    const udp = tableText([
      { ends: SERVER, inode: 1004, rxQueue: 768, drops: 9 },
      { ends: "0100007F:B037 00000000:0000", state: 7, inode: 1005, drops: 0 },
    ]);
    const resolver = { ...CURL, pid: 22, comm: "resolver", fds: ["socket:[1005]"] };
    const self = { ...SELF, net: { ...SELF.net, udp } };
    const { sockets, holders } = await collectorOf(procFolderOfTest([self, NGINX, resolver])).sample();
    const rows = sockets.filter(({ proto }) => proto === "udp");
    expect(sockets).toHaveLength(5);
    const unknown = { txBytes: null, rxBytes: null, sendQueue: null, recvQueue: null, direction: null };
    expect(rows).toMatchObject([
      { ...unknown, state: "ESTABLISHED", drops: 9, tuple: { remotePort: 0xeb36 } },
      { ...unknown, state: "UNCONN", drops: 0, tuple: { remotePort: 0 } },
    ]);
    expect(holders).toContainEqual({ cookie: rows[1]?.cookie, pid: 22, comm: "resolver" });
  });

  test("counts no SYN and no FIN as a byte that waits", async () => {
    const lines = [
      { ends: SERVER, state: 2, inode: 1, txQueue: 1 },
      { ends: SERVER, state: 8, inode: 2, rxQueue: 6 },
      { ends: SERVER, state: 8, inode: 3 },
      { ends: SERVER, state: 9, inode: 4, txQueue: 9, rxQueue: 3 },
      { ends: SERVER, state: 5, inode: 5, txQueue: 0, rxQueue: 3 },
    ];
    const { sockets } = await collectorOf(
      procFolderOfTest([{ ...SELF, net: { tcp: tableText(lines) } }]),
    ).sample();
    expect(sockets.map(({ sendQueue, recvQueue }) => [sendQueue, recvQueue])).toEqual([
      [0, 0],
      [0, 5],
      [0, 0],
      [8, 2],
      [0, 3],
    ]);
  });

  test.runIf(endianness() === "LE")("has the ends as text", async () => {
    const { sockets } = await collectorOf(procFolderOfTest([SELF])).sample();
    expect(sockets.at(-1)?.tuple).toEqual({
      family: 4,
      localAddr: "127.0.0.1",
      localPort: 0xeb36,
      remoteAddr: "127.0.0.1",
      remotePort: 0xb037,
    });
  });

  test("has the processes that hold the sockets", async () => {
    const sample = await collectorOf(procFolderOfTest([SELF, NGINX, CURL])).sample();
    const cookies = cookiesByPort(sample);
    expect(sample.holders).toHaveLength(3);
    expect(sample.holders).toContainEqual({ cookie: cookies.get(0xeb36), pid: 21, comm: "curl" });
    expect(sample.sockets.every(({ cookie, holderCookie }) => cookie === holderCookie)).toBe(true);
  });

  test("has every namespace that has a process, each once, with cookies of its own", async () => {
    const inside = { ...SELF, pid: 30, netns: FOREIGN, net: { tcp: tableText([CLIENT_LINE]) } };
    const folder = procFolderOfTest([SELF, NGINX, inside, { ...inside, pid: 31, fds: ["socket:[1003]"] }]);
    const { sockets } = await collectorOf(folder).sample();
    expect(sockets.map(({ netns }) => netns)).toEqual([OWN, OWN, OWN, FOREIGN]);
    expect(new Set(sockets.map(({ cookie }) => cookie)).size).toBe(4);
  });

  test("goes through another process where one has just ended", async () => {
    const gone = { ...SELF, pid: 30, netns: FOREIGN, net: {} };
    const there = { ...gone, pid: 31, net: { tcp: tableText([CLIENT_LINE]), tcp6: EMPTY } };
    const folder = procFolderOfTest([SELF, gone, there]);
    const collector = collectorOf(folder);
    expect((await collector.sample()).sockets).toHaveLength(3);
    folder.remove(30);
    expect((await collector.sample()).sockets).toHaveLength(4);
  });
});

describe("through the connection table", () => {
  test("a connection is one row from its first read to its end, and closed once, its end unknown", async () => {
    const folder = procFolderOfTest([SELF, NGINX, CURL]);
    const collector = collectorOf(folder);
    const table = new ConnectionTable({ lingerMs: 0 });
    const next = async () => table.apply(await collector.sample());
    const first = await next();
    expect(first.connections).toMatchObject([
      { state: "LISTEN" },
      { pid: 20, comm: "nginx" },
      { pid: 21, comm: "curl" },
    ]);
    expect(await next()).toMatchObject({ totals: { open: 2, listening: 1, closed: 0 } });

    folder.put({ ...SELF, net: { tcp: tableText([LISTENER]), tcp6: EMPTY } });
    expect(await next()).toMatchObject({ totals: { open: 2, closed: 0 } });
    const last = await next();
    expect(last.totals).toMatchObject({ open: 0, listening: 1, closed: 2 });
    expect(last.connections.slice(1)).toMatchObject([
      { localPort: 0xb037, pid: 20, closed: true, endReason: "unknown", change: "closed", sendQueue: null },
      { localPort: 0xeb36, pid: 21, closed: true, endReason: "unknown", txBytes: null, txRate: null },
    ]);
    expect(last.connections.map(({ id }) => id)).toEqual(first.connections.map(({ id }) => id));
    expect((await next()).connections).toHaveLength(1);
  });

  test("the last connections of a namespace that nobody is in any more end", async () => {
    const inside = { ...SELF, pid: 30, netns: FOREIGN, net: { tcp: tableText([CLIENT_LINE]), tcp6: EMPTY } };
    const folder = procFolderOfTest([SELF, inside]);
    const collector = collectorOf(folder);
    await collector.sample();
    folder.remove(30);
    await collector.sample();
    expect((await collector.sample()).closed).toMatchObject([
      { netns: FOREIGN, endReason: "unknown", state: "ESTABLISHED" },
    ]);
  });
});

describe("tables that can't be read", () => {
  test("end nothing: the process that led to them is there, and they are not", async () => {
    const folder = procFolderOfTest([SELF]);
    const collector = collectorOf(folder);
    await collector.sample();
    // A folder in the place of the table: opening works, reading does not.
    folder.put({ ...SELF, net: {}, netFolders: ["tcp", "tcp6"] });
    for (let times = 0; times < 4; times++) {
      expect(await collector.sample()).toMatchObject({ sockets: [], closed: [] });
    }
    folder.put(SELF);
    expect((await collector.sample()).sockets.map(({ cookie }) => cookie)).toEqual([1, 2, 3]);
  });

  test("are not read where the kernel counts no socket in them", async () => {
    const sockstat = "TCP: inuse 0 orphan 0 tw 0 alloc 9 mem 2\n";
    const folder = procFolderOfTest([{ ...SELF, net: { ...SELF.net, sockstat } }]);
    expect((await collectorOf(folder).sample()).sockets).toEqual([]);
  });

  test("at all: this rung can't be had", () => {
    const open = () => ProcCollector.open({ procFolder: "/nonexistent" });
    expect(open).toThrow(TcptopError);
    expect(open).toThrow("/nonexistent/self/net/tcp");
  });
});

test("closed during a sample, it gives none", async () => {
  const collector = collectorOf(procFolderOfTest([SELF]));
  const sample = collector.sample();
  collector.close();
  await expect(sample).rejects.toThrow("closed");
});
