import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { HolderSearch } from "../../../src/collect/proc/holder-search.js";
import { procFolderOfTest } from "../../linux/proc-folder.js";

const PIDS = [20, 21, 22];
const HOLDERS = PIDS.map((pid) => ({ inode: pid + 1000, pid, comm: "process" }));

/** Each look at a descriptor takes as long as a slice of work may. */
function searchOfTest(lookMs: number): HolderSearch {
  const { path } = procFolderOfTest(PIDS.map((pid) => ({ pid, fds: [`socket:[${pid + 1000}]`] })));
  return new HolderSearch(path, () => {
    for (const endMs = performance.now() + lookMs; performance.now() < endMs; );
    return true;
  });
}

test("a short search answers at once, again and again", async () => {
  const search = searchOfTest(0);
  expect(await search.find(PIDS, 10_000)).toEqual(HOLDERS);
  expect(await search.find(PIDS, 10_000)).toEqual(HOLDERS);
});

test("a long one keeps no sample waiting: a later one has the answer", async () => {
  const search = searchOfTest(20);
  expect(await search.find(PIDS, 1)).toBeNull();
  expect(await search.find([], 10_000)).toEqual(HOLDERS);
});

test("after one that took very long there is a rest", async () => {
  const search = searchOfTest(250);
  expect(await search.find(PIDS, 10_000)).toEqual(HOLDERS);
  expect(await search.find(PIDS, 10_000)).toBeNull();
  await expect.poll(() => search.find(PIDS, 10_000), { timeout: 10_000 }).toEqual(HOLDERS);
});

test("closed, it ends early", async () => {
  const search = searchOfTest(20);
  expect(await search.find(PIDS, 1)).toBeNull();
  search.close();
  await sleep(0);
  expect((await search.find(PIDS, 10_000))?.length).toBeLessThan(PIDS.length);
});
