import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { walkSocketHolders } from "../../src/linux/proc-fd.js";
import { Pace } from "../../src/linux/proc-pace.js";
import { procFolderOfTest } from "./proc-folder.js";

const ALL = () => true;
const ENDLESS = new AbortController().signal;

test("each process that holds a wanted socket, once for each socket", async () => {
  const { path } = procFolderOfTest([
    { pid: 1, comm: "init", fds: ["/dev/null", "pipe:[7]"] },
    { pid: 20, comm: "nginx", fds: ["socket:[1001]", "/dev/null", "socket:[1002]", "socket:[1001]"] },
    { pid: 21, comm: "nginx", fds: ["socket:[1001]", "socket:[9999]", "anon_inode:[eventpoll]"] },
  ]);
  const isWanted = (inode: number) => inode !== 9999;
  const holders = await walkSocketHolders({
    procFolder: path,
    pids: [1, 20, 21],
    isWanted,
    pace: new Pace(),
    signal: ENDLESS,
  });
  expect(holders.toSorted((a, b) => a.pid - b.pid || a.inode - b.inode)).toEqual([
    { inode: 1001, pid: 20, comm: "nginx" },
    { inode: 1002, pid: 20, comm: "nginx" },
    { inode: 1001, pid: 21, comm: "nginx" },
  ]);
});

test("a process that has ended is passed over; one that ends before its name is read has none", async () => {
  const { path } = procFolderOfTest([{ pid: 20, comm: null, fds: ["socket:[1001]"] }]);
  const walk = { procFolder: path, pids: [19, 20], isWanted: ALL, pace: new Pace(), signal: ENDLESS };
  expect(await walkSocketHolders(walk)).toEqual([{ inode: 1001, pid: 20, comm: "" }]);
});

test("one that ends in the middle of its descriptors keeps what was seen, and disturbs no other", async () => {
  const many = Array.from({ length: 2000 }, (_, index) => `socket:[${index + 1}]`);
  const folder = procFolderOfTest([
    { pid: 20, fds: many },
    { pid: 21, fds: ["socket:[5000]"] },
  ]);
  let asked = 0;
  const isWanted = () => {
    asked += 1;
    if (asked === 100) folder.remove(20);
    return true;
  };
  const holders = await walkSocketHolders({
    procFolder: folder.path,
    pids: [20, 21],
    isWanted,
    pace: new Pace(),
    signal: ENDLESS,
  });
  expect(holders.filter(({ pid }) => pid === 20)).toHaveLength(100);
  expect(holders.at(-1)).toEqual({ inode: 5000, pid: 21, comm: "process" });
});

test("a name's control characters do not come through", async () => {
  const { path } = procFolderOfTest([{ pid: 20, comm: "a\u001b[31m\nb", fds: ["socket:[1]"] }]);
  const walk = { procFolder: path, pids: [20], isWanted: ALL, pace: new Pace(), signal: ENDLESS };
  expect(await walkSocketHolders(walk)).toEqual([{ inode: 1, pid: 20, comm: "a[31mb" }]);
});

test("others have their turn during a long walk, which ends when it is told to", async () => {
  const many = Array.from({ length: 500 }, (_, index) => `socket:[${index + 1}]`);
  const { path } = procFolderOfTest([{ pid: 20, fds: many }]);
  const end = new AbortController();
  const timer = setInterval(() => end.abort(), 1);
  const pids = Array.from({ length: 100_000 }, () => 20);
  const holders = await walkSocketHolders({
    procFolder: path,
    pids,
    isWanted: ALL,
    pace: new Pace(),
    signal: end.signal,
  });
  clearInterval(timer);
  expect(holders.length).toBeLessThan(100_000);
});

test("no descriptor is left open", async () => {
  const { path } = procFolderOfTest([{ pid: 20, fds: ["socket:[1]"] }]);
  const pids = Array.from({ length: 200 }, () => 20);
  const open = () => readdirSync("/dev/fd").length;
  const before = open();
  await walkSocketHolders({ procFolder: path, pids, isWanted: ALL, pace: new Pace(), signal: ENDLESS });
  expect(open()).toBeLessThan(before + 50);
});
