import { expect, test } from "vitest";
import { ProcessCache, type ProcessCacheOptions } from "../../../src/collect/enrichment/process-cache.js";
import type { ProcessReading } from "../../../src/collect/enrichment/process-reader.js";
import { processReading } from "./example-reading.js";

/** A cache over processes that the test lets live and end, with a clock that it sets. */
class World {
  readonly processes = new Map<number, ProcessReading>();
  readonly reads: number[] = [];
  readonly cache: ProcessCache;
  nowMs = 0;

  constructor(options: Partial<ProcessCacheOptions> = {}) {
    const read = async (pid: number): Promise<ProcessReading | null> => {
      this.reads.push(pid);
      return this.processes.get(pid) ?? null;
    };
    this.cache = new ProcessCache({ readers: [read], nowMs: () => this.nowMs, ...options });
  }

  /** A sample that names these holders; resolves when all that it asked for has been read. */
  async sample(...pids: readonly number[]): Promise<readonly number[]> {
    const before = this.reads.length;
    this.cache.beginSample();
    for (const pid of pids) this.cache.hearHolder(pid, `comm-${pid}`);
    await this.cache.idle();
    return this.reads.slice(before);
  }

  cmdline(pid: number): string | null | undefined {
    return this.cache.known().get(pid)?.cmdline;
  }
}

test("what is missing is asked for, and known later", async () => {
  const world = new World();
  world.processes.set(7, processReading());
  world.cache.beginSample();
  world.cache.hearHolder(7, "server");
  expect(world.cache.known().size).toBe(0);
  await world.cache.idle();
  expect(world.cmdline(7)).toBe("server --port 80");
});

test("what is known is not asked for again, and is the same object", async () => {
  const world = new World();
  world.processes.set(7, processReading());
  await world.sample(7);
  const known = world.cache.known();
  expect(await world.sample(7)).toEqual([]);
  expect(world.cache.known()).toBe(known);
});

test("a process is looked at again after as long as it has lived; no change is the same object", async () => {
  const world = new World();
  const readAtSeconds: number[] = [];
  for (let second = 0; second <= 300; second += 1) {
    world.nowMs = second * 1000;
    world.processes.set(64, processReading({ ageMs: world.nowMs }));
    if ((await world.sample(64)).length > 0) readAtSeconds.push(second);
  }
  const details = world.cache.known().get(64);
  expect(readAtSeconds).toEqual([0, 1, 2, 4, 7, 13, 23, 41, 72, 117, 162, 207, 252, 297]);
  await world.sample(64);
  expect(world.cache.known().get(64)).toBe(details);
});

test("another user or cgroup is another object, that of the same process", async () => {
  const world = new World();
  world.processes.set(7, processReading({}, { startedNs: 1000 }));
  await world.sample(7);
  world.nowMs = 10_000;
  world.processes.set(7, processReading({}, { user: "web", startedNs: 1002 }));
  await world.sample(7);
  expect(world.cache.known().get(7)).toMatchObject({ user: "web", startedNs: 1000 });
});

test("another name means another program: looked at again at once", async () => {
  const world = new World();
  world.processes.set(7, processReading());
  await world.sample(7);
  world.processes.set(7, processReading({}, { cmdline: "other" }));
  world.cache.beginSample();
  world.cache.hearHolder(7, "other");
  await world.cache.idle();
  expect(world.cmdline(7)).toBe("other");
});

test("a pid that comes back is looked at again: it may be another process", async () => {
  const world = new World();
  world.processes.set(7, processReading());
  await world.sample(7);
  await world.sample();
  world.processes.set(7, processReading({ startTicks: 5000 }, { cmdline: "another" }));
  expect(await world.sample(7)).toEqual([7]);
  expect(world.cache.known().get(7)).toMatchObject({ cmdline: "another", startedNs: 5e10 });
});

test("a pid that is used again without a pause is found out at the next look", async () => {
  const world = new World();
  world.processes.set(7, processReading());
  await world.sample(7);
  world.processes.set(7, processReading({ startTicks: 5000 }, { cmdline: "another" }));
  await world.sample(7);
  world.nowMs = 2000;
  await world.sample(7);
  expect(world.cmdline(7)).toBe("another");
});

test("a process that ends before it is read is unknown, and not asked for at each sample", async () => {
  const world = new World();
  world.cache.hearContext(7);
  await world.cache.idle();
  expect(world.cache.known().size).toBe(0);
  world.cache.beginSample();
  world.cache.hearContext(7);
  await world.cache.idle();
  expect(world.reads).toEqual([7]);
});

test("a pid that was gone and holds a socket is another process", async () => {
  const world = new World();
  world.cache.hearContext(7);
  await world.cache.idle();
  world.processes.set(7, processReading());
  await world.sample(7);
  expect(world.cmdline(7)).toBe("server --port 80");
});

test("what was known of a process that has ended stays for as long as it is named", async () => {
  const world = new World();
  world.processes.set(7, processReading());
  await world.sample(7);
  world.processes.delete(7);
  world.nowMs = 60_000;
  world.cache.beginSample();
  world.cache.hearContext(7);
  await world.cache.idle();
  expect(world.cmdline(7)).toBe("server --port 80");
  expect([...world.cache.readings()]).toEqual([]);
  for (let tick = 0; tick < 8; tick += 1) await world.sample();
  expect(world.cache.known().size).toBe(0);
});

test("a full queue drops the request; the next sample asks again", async () => {
  const pids = [1, 2, 3, 4, 5];
  const world = new World({ maxWaiting: 2 });
  for (const pid of pids) world.processes.set(pid, processReading());
  expect(await world.sample(...pids)).toEqual([1, 2, 3]);
  expect(await world.sample(...pids)).toEqual([4, 5]);
  expect([...world.cache.known().keys()]).toEqual(pids);
});

test("no more processes than it may know; there is room again when others are forgotten", async () => {
  const world = new World({ maxProcesses: 3 });
  for (const pid of [1, 2, 3, 4]) world.processes.set(pid, processReading());
  await world.sample(1, 2, 3, 4);
  expect([...world.cache.known().keys()]).toEqual([1, 2, 3]);
  for (let tick = 0; tick < 5; tick += 1) await world.sample(1, 4);
  expect([...world.cache.known().keys()]).toEqual([1, 4]);
});

test("a reading that takes its time holds up nobody, and no more are begun than there are readers", async () => {
  let begun = 0;
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const read = async (): Promise<ProcessReading> => {
    begun += 1;
    await held;
    return processReading();
  };
  const cache = new ProcessCache({ readers: [read, read], nowMs: () => 0 });
  for (let tick = 0; tick < 10; tick += 1) {
    cache.beginSample();
    for (const pid of [1, 2, 3, 4]) cache.hearHolder(pid, "server");
    expect(cache.known().size).toBe(0);
  }
  expect(begun).toBe(2);
  release();
  await cache.idle();
  expect(cache.known().size).toBe(4);
  expect(begun).toBe(4);
});

test("nothing is read while it pauses, and everything afterwards", async () => {
  const world = new World();
  for (const pid of [1, 2, 3]) world.processes.set(pid, processReading());
  world.cache.pause();
  world.cache.hearHolder(1, "server");
  world.cache.hearHolder(2, "server");
  world.cache.pause();
  await new Promise((resolve) => setImmediate(resolve));
  expect(world.reads).toEqual([]);
  world.cache.resume();
  await world.cache.idle();
  expect(world.reads).toEqual([1, 2]);
  world.cache.resume();
  expect(await world.sample(3)).toEqual([3]);
});

test("a reading that fails is a process that is not known", async () => {
  const cache = new ProcessCache({
    readers: [() => Promise.reject(new Error("EIO"))],
    nowMs: () => 0,
  });
  cache.hearHolder(1, "server");
  await cache.idle();
  expect(cache.known().size).toBe(0);
});

test("without readers nothing is kept", async () => {
  const cache = new ProcessCache({ readers: [], nowMs: () => 0 });
  cache.hearHolder(1, "server");
  cache.hearContext(2);
  await cache.idle();
  expect(cache.known().size).toBe(0);
});
