import { mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, onTestFinished, test, vi } from "vitest";
import type { Iterator } from "../../src/linux/bpf-object.js";
import { IteratorReader } from "../../src/linux/iterator-read.js";

/** Error codes that the next reads fail with, each at its turn; null reads. */
const turns: (string | null)[] = [];
const closed: number[] = [];

vi.mock("node:fs", async (importOriginal) => {
  const fs = await importOriginal<typeof import("node:fs")>();
  const failing = (...args: readonly unknown[]): void => {
    const code = turns.shift() ?? null;
    const callback = args.at(-1);
    if (code === null) Reflect.apply(fs.read, fs, args);
    else if (typeof callback === "function")
      setImmediate(() => callback(Object.assign(new Error(code), { code })));
  };
  const closeSync = (fd: number): void => {
    closed.push(fd);
    fs.closeSync(fd);
  };
  return { ...fs, read: failing, closeSync };
});

beforeEach(() => {
  turns.length = 0;
  closed.length = 0;
});

interface OpenedIterator extends Iterator {
  readonly opened: readonly number[];
}

/** An iterator over these bytes; a file stands in for the kernel. */
function iteratorOver(bytes: Uint8Array): OpenedIterator {
  const folder = mkdtempSync(join(tmpdir(), "tcptop-iterator-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "records");
  writeFileSync(path, bytes);
  const opened: number[] = [];
  return {
    opened,
    open: () => {
      const fd = openSync(path, "r");
      opened.push(fd);
      return fd;
    },
  };
}

function pattern(length: number): Buffer {
  return Buffer.from(Uint8Array.from({ length }, (_, at) => (at * 7 + (at >>> 8)) & 0xff));
}

/** All that a walk reads, taken in records of so many bytes. */
async function readAll(reader: IteratorReader, iterator: Iterator, recordBytes = 1): Promise<Buffer> {
  const taken: Buffer[] = [];
  await reader.walk(iterator, (memory, bytes) => {
    const whole = bytes - (bytes % recordBytes);
    taken.push(Buffer.from(memory.bytes.subarray(0, whole)));
    return whole;
  });
  return Buffer.concat(taken);
}

function expectClosed({ opened }: OpenedIterator): void {
  expect(opened).toHaveLength(1);
  expect(closed).toEqual(opened);
}

test("a walk that shows nothing", async () => {
  const iterator = iteratorOver(Buffer.alloc(0));
  expect(await readAll(new IteratorReader(), iterator)).toHaveLength(0);
  expectClosed(iterator);
});

test("a walk is read to its end, however long it is", async () => {
  const reader = new IteratorReader();
  for (const length of [1, 100_000, 3_000_001, 5]) {
    const bytes = pattern(length);
    expect((await readAll(reader, iteratorOver(bytes))).equals(bytes)).toBe(true);
  }
});

test.each([7, 256, 30_000])("records of %i bytes are whole, wherever pieces end", async (recordBytes) => {
  const bytes = pattern(100 * recordBytes);
  const taken = await readAll(new IteratorReader(), iteratorOver(bytes), recordBytes);
  expect(taken.equals(bytes)).toBe(true);
});

test("a walk that ends within a record fails, and is closed", async () => {
  const iterator = iteratorOver(pattern(1001));
  await expect(readAll(new IteratorReader(), iterator, 100)).rejects.toThrow("after 1 bytes of it");
  expectClosed(iterator);
});

test("a piece that fails in passing is read again, and what was read before stays", async () => {
  const bytes = pattern(1_000_000);
  const iterator = iteratorOver(bytes);
  turns.push("EINTR", "EAGAIN", null, "EAGAIN", "EAGAIN", "EINTR", null, "EAGAIN");
  expect((await readAll(new IteratorReader(), iterator)).equals(bytes)).toBe(true);
  expect(turns).toEqual([]);
  expectClosed(iterator);
});

test("a piece that fails for good fails the walk, and the next walk is whole", async () => {
  const bytes = pattern(1_000_000);
  const iterator = iteratorOver(bytes);
  const reader = new IteratorReader();
  turns.push(null, "ENOMEM");
  await expect(readAll(reader, iterator)).rejects.toThrow("ENOMEM");
  expectClosed(iterator);
  expect((await readAll(reader, iteratorOver(bytes))).equals(bytes)).toBe(true);
});
