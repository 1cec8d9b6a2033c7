import { mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { KnownSockets } from "../../../src/collect/ebpf/known-sockets.js";
import { UdpFlows } from "../../../src/collect/ebpf/udp/udp-flows.js";
import { Walker } from "../../../src/collect/ebpf/walk.js";
import type { Iterator } from "../../../src/linux/bpf-object.js";
import { recordMemory } from "../../../src/linux/record-memory.js";
import { Flow } from "../../../src/linux/records.gen.js";
import { connectionBytes, flowBytes, holderBytes, restingBytes, walkEndBytes } from "./record-bytes.js";
import { noFlows } from "./udp/no-flows.js";

/** What was done, in order. */
const done: string[] = [];

vi.mock("node:fs", async (importOriginal) => {
  const fs = await importOriginal<typeof import("node:fs")>();
  const read = (...args: readonly unknown[]): void => {
    done.push("read");
    Reflect.apply(fs.read, fs, args);
  };
  return { ...fs, read };
});

beforeEach(() => {
  done.length = 0;
  taken.length = 0;
});

/** Which walks the kernel was told to refer to. */
const taken: number[] = [];
const TAKEN = { set: (walk: number) => void taken.push(walk) };

/** An iterator that gives out these records; a file stands in for the kernel. */
function iteratorOver(...records: readonly Uint8Array[]): Iterator {
  const folder = mkdtempSync(join(tmpdir(), "tcptop-walk-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "records");
  writeFileSync(path, Buffer.concat(records));
  return { open: () => openSync(path, "r") };
}

function walkerOver(held: Iterator, others: Iterator): Walker {
  return new Walker({ held, others, flows: null }, TAKEN, new KnownSockets(), noFlows());
}

test("both walks together give the sockets and their holders", async () => {
  const first = iteratorOver(
    holderBytes({ pid: 10, cookie: 1, comm: "server" }),
    connectionBytes({ cookie: 1, state: 10 }),
    holderBytes({ pid: 11, cookie: 1, comm: "worker" }),
    holderBytes({ pid: 11, cookie: 2, comm: "worker" }),
    connectionBytes({ cookie: 2, state: 1, rxBytes: 101 }),
    walkEndBytes(1),
  );
  const second = iteratorOver(
    restingBytes({ place: 0, count: 1, baseWalk: 1 }),
    holderBytes({ pid: 11, cookie: 1, comm: "worker" }),
    restingBytes({ place: 1, count: 1, baseWalk: 1 }),
    walkEndBytes(2),
  );
  const opened = [first, second].values();
  const held: Iterator = { open: () => (opened.next().value ?? second).open() };
  const others = iteratorOver(connectionBytes({ cookie: 3, state: 4, txBytes: 103, readNs: 500 }));
  const walker = walkerOver(held, others);

  const { sockets, holders, readNs } = await walker.walk();
  expect(readNs).toBe(500);
  expect(sockets).toMatchObject([
    { cookie: 1, state: "LISTEN" },
    { cookie: 2, state: "ESTABLISHED", rxBytes: 101 },
    { cookie: 3, state: "FIN_WAIT1", txBytes: 103 },
  ]);
  expect(holders).toEqual([
    { cookie: 1, pid: 10, comm: "server" },
    { cookie: 1, pid: 11, comm: "worker" },
    { cookie: 2, pid: 11, comm: "worker" },
  ]);
  const again = await walker.walk();
  expect(again.sockets.slice(0, 2)).toEqual(sockets.slice(0, 2));
  expect(again.sockets[2]).toMatchObject({ cookie: 3, state: "FIN_WAIT1", txBytes: 103 });
  expect(again.holders).toEqual(holders);
  expect(taken).toEqual([1, 2]);
});

test("a connection without a holder before it", async () => {
  const walker = walkerOver(iteratorOver(connectionBytes({ cookie: 1, state: 1 })), iteratorOver());
  await expect(walker.walk()).rejects.toThrow("a connection before its holder");
});

test("a host without a connection", async () => {
  const walker = walkerOver(iteratorOver(), iteratorOver());
  expect(await walker.walk()).toEqual({ sockets: [], holders: [], closed: [], readNs: 0 });
});

test("a walk that can't be begun fails the sample, not the next one", async () => {
  const records = iteratorOver(holderBytes({ cookie: 1 }), connectionBytes({ cookie: 1, state: 1 }));
  let fails = true;
  const sometimes: Iterator = {
    open: () => {
      if (fails) throw new Error("bpf_iter_create: Out of memory");
      return records.open();
    },
  };
  const walker = walkerOver(sometimes, iteratorOver());
  await expect(walker.walk()).rejects.toThrow("Out of memory");
  fails = false;
  expect((await walker.walk()).sockets).toHaveLength(1);
});

test("nothing is taken out of the map of peers while the kernel goes through it", async () => {
  const COUNT = 1000;
  const over = Array.from({ length: COUNT }, (_, flow) =>
    flowBytes({ cookie: 1, flow: flow + 1, readNs: 100e9, firstNs: 1, lastNs: 2 }),
  );
  const take = () => {
    done.push("take");
    return recordMemory(new ArrayBuffer(Flow.size));
  };
  const udp = new UdpFlows({ take }, { timeoutMs: 60_000, countsDatagrams: true });
  const iterators = {
    held: iteratorOver(),
    others: iteratorOver(),
    flows: { ...iteratorOver(...over), made: null },
  };
  const { closed } = await new Walker(iterators, TAKEN, new KnownSockets(), udp).walk();
  expect(new Set(closed.map(({ cookie }) => cookie)).size).toBe(COUNT);
  const reads = done.indexOf("take");
  // More than one piece, and the reads that find the end of each walk.
  expect(reads).toBeGreaterThan(4);
  expect(done.slice(reads)).toEqual(new Array<string>(COUNT).fill("take"));
});

test("the map of peers is looked into until it has been empty for two walks, and again when one was made", async () => {
  let made = 0;
  let records: readonly Uint8Array[] = [];
  let walks = 0;
  const flows = {
    made: () => made,
    open: () => {
      walks += 1;
      return iteratorOver(...records).open();
    },
  };
  const walker = new Walker(
    { held: iteratorOver(), others: iteratorOver(), flows },
    TAKEN,
    new KnownSockets(),
    noFlows(),
  );
  const flowsOf = async () => (await walker.walk()).sockets.length;
  for (const expected of [1, 2, 2, 2]) {
    expect(await flowsOf()).toBe(0);
    expect(walks).toBe(expected);
  }
  // It has its number, and is not there yet.
  made = 1;
  expect(await flowsOf()).toBe(0);
  records = [flowBytes({ cookie: 1, flow: 1, readNs: 2, firstNs: 1, lastNs: 1 })];
  for (const expected of [4, 5, 6]) {
    expect(await flowsOf()).toBe(1);
    expect(walks).toBe(expected);
  }
  records = [];
  for (const expected of [7, 8, 8]) {
    expect(await flowsOf()).toBe(0);
    expect(walks).toBe(expected);
  }
});
