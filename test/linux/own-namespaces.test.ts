import { expect, test } from "vitest";
import { ownNamespaces } from "../../src/linux/own-namespaces.js";

const HOST = { cgroup: 0xeffffffb, pid: 0xeffffffc, net: 4026531840, user: 0xeffffffd, mnt: 4026531841 };

function links(
  self: Readonly<Record<string, number>>,
  first: Readonly<Record<string, number>> | null = HOST,
) {
  return (path: string): string => {
    const [, process = "", kind = ""] = /^\/proc\/(\w+)\/ns\/(\w+)$/.exec(path) ?? [];
    const inode = (process === "self" ? self : first)?.[kind];
    if (inode === undefined) throw new Error("EACCES");
    return `${kind}:[${inode}]`;
  };
}

function initial(...given: Parameters<typeof links>): Readonly<Record<string, boolean | null>> {
  const found = ownNamespaces(links(...given));
  return Object.fromEntries(found.map(({ kind, isInitial }) => [kind, isInitial]));
}

const ALL = { cgroup: true, pid: true, net: true, user: true, mnt: true };

test("on the host itself", () => {
  expect(initial(HOST)).toEqual(ALL);
});

test("numbers that are fixed need no process to compare with", () => {
  expect(initial({ ...HOST, net: 0xeffffff9, mnt: 0xeffffff8 }, null)).toEqual(ALL);
});

test("where one kind has its fixed number, another without it is not the host's, whoever may look at process 1", () => {
  expect(initial({ ...HOST, net: 4026532999, mnt: 0xeffffff8 }, null)).toEqual({ ...ALL, net: false });
});

test("in namespaces of one's own", () => {
  for (const kind of ["cgroup", "user", "net", "mnt"]) {
    expect(initial({ ...HOST, [kind]: 4026532999 })).toEqual({ ...ALL, [kind]: false });
  }
});

test("in a container process 1 is its own, and proves nothing", () => {
  const inside = { cgroup: 4026532001, pid: 4026532002, net: 4026532003, user: 4026532004, mnt: 4026532005 };
  expect(initial(inside, inside)).toEqual({ cgroup: false, pid: false, net: null, user: false, mnt: null });
});

test("what can't be read is not guessed", () => {
  expect(initial({ ...HOST }, null)).toEqual({ ...ALL, net: null, mnt: null });
  expect(ownNamespaces(links({})).map(({ inode, isInitial }) => [inode, isInitial])).toEqual(
    Array(5).fill([null, null]),
  );
});
