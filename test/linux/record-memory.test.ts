import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  RecordCursor,
  readBytes,
  readCookie,
  readText,
  readU64,
  recordMemory,
} from "../../src/linux/record-memory.js";

function viewOf(value: bigint): DataView {
  const view = new DataView(new ArrayBuffer(16));
  view.setBigUint64(8, value, true);
  return view;
}

describe("readCookie", () => {
  const anyU64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
  const nearTheLimit = fc.bigInt({ min: 2n ** 53n - 5n, max: 2n ** 53n + 5n });

  test("is exact for every cookie: a Number while that can be, else a BigInt", () => {
    fc.assert(
      fc.property(fc.oneof(anyU64, nearTheLimit), (cookie) => {
        const read = readCookie(viewOf(cookie), 8);
        expect(BigInt(read)).toBe(cookie);
        expect(typeof read).toBe(cookie < 2n ** 53n ? "number" : "bigint");
      }),
    );
  });

  test("tells apart the cookies of nested namespaces, which count down from 2^64", () => {
    const cookies = [1n, 2n, 3n].map((used) => readCookie(viewOf(2n ** 64n - used), 8));
    expect(new Set(cookies).size).toBe(3);
  });
});

describe("readU64", () => {
  test("is exact up to 2^53, and the nearest Number above", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), (value) => {
        expect(readU64(viewOf(value), 8)).toBe(Number(value));
      }),
    );
    expect(readU64(viewOf(2n ** 53n - 1n), 8)).toBe(Number.MAX_SAFE_INTEGER);
  });
});

describe("readText", () => {
  const SIZE = 16;
  /** A name's array, with what comes after it in the record. */
  function read(name: string, encoding: BufferEncoding = "utf8"): string {
    const bytes = Buffer.alloc(3 + SIZE + 8, "#");
    bytes.fill(0, 3, 3 + SIZE);
    Buffer.from(name, encoding).copy(bytes, 3, 0, SIZE);
    return readText(bytes, 3, SIZE);
  }

  test("ends at its NUL", () => {
    expect(read("nginx")).toBe("nginx");
    expect(read("nginx\0left over")).toBe("nginx");
    expect(read("")).toBe("");
  });

  test("ends with its array when there is no NUL", () => {
    expect(read("0123456789abcdefghi")).toBe("0123456789abcdef");
  });

  test("is whole in any script, and marked where the kernel cut a character", () => {
    expect(read("datenbänke")).toBe("datenbänke");
    expect(read("0123456789abcdeä")).toBe("0123456789abcde\ufffd");
    expect(read("\xff\xfe", "latin1")).toBe("\ufffd\ufffd");
  });

  test("has nothing that a terminal, or a reader of lines, obeys", () => {
    expect(read("\x1b[2Jroot")).toBe("[2Jroot");
    expect(read("a\nb\rc\td")).toBe("abcd");
    expect(read("a\x7fb\u0085c\u009bd")).toBe("abcd");
    expect(read("a\u202eb\u2028c")).toBe("abc");
  });
});

test("readBytes keeps every byte", () => {
  const bytes = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
  expect(readBytes(bytes, 0, 256)).toHaveLength(256);
  expect(Buffer.from(readBytes(bytes, 0, 256), "latin1")).toEqual(bytes);
  expect(readBytes(bytes, 0x41, 2)).toBe("AB");
});

test("record memory is a window on the same bytes in both views", () => {
  const buffer = new ArrayBuffer(32);
  const memory = recordMemory(buffer, 8, 16);
  const cursor = new RecordCursor(memory, 4);
  expect([memory.bytes.length, memory.view.byteLength, cursor.at]).toEqual([16, 16, 4]);
  new DataView(buffer).setUint32(12, 0x0403_0201, true);
  expect(cursor.view.getUint32(cursor.at, true)).toBe(0x0403_0201);
  expect(cursor.bytes.subarray(4, 8)).toEqual(Buffer.of(1, 2, 3, 4));
  expect(recordMemory(buffer, 24).bytes).toHaveLength(8);
});
