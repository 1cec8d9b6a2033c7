import { expect, test } from "vitest";
import { Pace } from "../../src/linux/proc-pace.js";
import {
  findNamespacesOfProcesses,
  listProcesses,
  networkNamespaceOf,
} from "../../src/linux/proc-processes.js";
import { procFolderOfTest } from "./proc-folder.js";

test("processes are the folders with a number", async () => {
  const { path } = procFolderOfTest([{ pid: 20 }, { pid: 3 }]);
  expect((await listProcesses(path)).toSorted((a, b) => a - b)).toEqual([3, 20]);
  expect(await listProcesses("/nonexistent")).toEqual([]);
});

test("each namespace has some of its processes, our own first; one that is hidden from us has none", async () => {
  const { path } = procFolderOfTest([
    { pid: 20, netns: 4026531840 },
    { pid: 21, netns: 4026532001 },
    { pid: 22 },
    ...Array.from({ length: 50 }, (_, index) => ({ pid: 100 + index, netns: 4026531840 })),
  ]);
  const pids = [19, 20, 21, 22, ...Array.from({ length: 50 }, (_, index) => 100 + index)];
  const found = await findNamespacesOfProcesses(path, pids, new Pace());
  expect([...found.keys()]).toEqual([4026531840, 4026532001]);
  expect(found.get(4026531840)?.[0]).toBe(`${path}/self`);
  expect(found.get(4026531840)?.length).toBeLessThan(10);
  expect(found.get(4026532001)).toEqual([`${path}/21`]);
});

test("what is no network namespace is none", () => {
  const { path } = procFolderOfTest([{ pid: 20, netns: 7 }, { pid: 21 }]);
  expect(networkNamespaceOf(`${path}/20`)).toBe(7);
  expect(networkNamespaceOf(`${path}/21`)).toBeNull();
});
