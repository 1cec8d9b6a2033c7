import { mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { KnownSockets } from "../../../src/collect/ebpf/known-sockets.js";
import { Walker } from "../../../src/collect/ebpf/walk.js";
import type { Iterator } from "../../../src/linux/bpf-object.js";
import { connectionBytes, holderBytes } from "./record-bytes.js";
import { noFlows } from "./udp/no-flows.js";

/** An iterator that gives out these records; a file stands in for the kernel. */
function iteratorOver(...records: readonly Uint8Array[]): Iterator {
  const folder = mkdtempSync(join(tmpdir(), "tcptop-walk-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "records");
  writeFileSync(path, Buffer.concat(records));
  return { open: () => openSync(path, "r") };
}

function walkerOver(held: Iterator, others: Iterator): Walker {
  return new Walker({ held, others, flows: null }, new KnownSockets(), noFlows());
}

test("both walks together give the sockets and their holders", async () => {
  const held = iteratorOver(
    holderBytes({ pid: 10, cookie: 1, comm: "server" }),
    connectionBytes({ cookie: 1, state: 10 }),
    holderBytes({ pid: 11, cookie: 1, comm: "worker" }),
    holderBytes({ pid: 11, cookie: 2, comm: "worker" }),
    connectionBytes({ cookie: 2, state: 1, rxBytes: 101 }),
  );
  const others = iteratorOver(connectionBytes({ cookie: 3, state: 4, txBytes: 103 }));
  const walker = walkerOver(held, others);

  const { sockets, holders } = await walker.walk();
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
  expect(await walker.walk()).toEqual({ sockets, holders, closed: [] });
});

test("a host without a connection", async () => {
  const walker = walkerOver(iteratorOver(), iteratorOver());
  expect(await walker.walk()).toEqual({ sockets: [], holders: [], closed: [] });
});

test("a walk that can't be begun fails the sample, not the next one", async () => {
  const records = iteratorOver(connectionBytes({ cookie: 1, state: 1 }));
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
