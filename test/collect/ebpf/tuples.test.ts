import { describe, expect, test } from "vitest";
import { readTuple, TupleCache } from "../../../src/collect/ebpf/tuples.js";
import { memoryOf, type TupleValues, tupleBytes } from "./record-bytes.js";

const MAPPED = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff];
const ANY_V6 = new Array<number>(16).fill(0);
const DOCUMENTATION = [0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];
const PORTS = { localPort: 65535, remotePort: 443 };

function read(values: TupleValues) {
  return readTuple(memoryOf(tupleBytes(values)), 0);
}

describe("readTuple", () => {
  test("IPv4", () => {
    expect(read({ family: 4, local: [192, 0, 2, 1], remote: [198, 51, 100, 255], ...PORTS })).toEqual({
      family: 4,
      localAddr: "192.0.2.1",
      remoteAddr: "198.51.100.255",
      ...PORTS,
    });
  });

  test("IPv6", () => {
    expect(read({ family: 6, local: DOCUMENTATION, remote: DOCUMENTATION, ...PORTS })).toEqual({
      family: 6,
      localAddr: "2001:db8::1",
      remoteAddr: "2001:db8::1",
      ...PORTS,
    });
  });

  test("IPv4-mapped IPv6 is a conversation over IPv4", () => {
    const local = [...MAPPED, 192, 0, 2, 1];
    const remote = [...MAPPED, 0, 0, 0, 0];
    expect(read({ family: 6, local, remote, ...PORTS })).toEqual({
      family: 4,
      localAddr: "192.0.2.1",
      remoteAddr: "0.0.0.0",
      ...PORTS,
    });
  });

  test("a socket that listens on all addresses has a wildcard and port 0 at the other end", () => {
    const tuple = read({ family: 6, local: ANY_V6, localPort: 80, remote: ANY_V6, remotePort: 0 });
    expect(tuple).toEqual({ family: 6, localAddr: "::", localPort: 80, remoteAddr: "::", remotePort: 0 });
  });

  test("stands anywhere in the memory", () => {
    const values: TupleValues = { family: 4, local: [1, 2, 3, 4], remote: [5, 6, 7, 8], ...PORTS };
    const memory = memoryOf(Buffer.alloc(13, 0xff), tupleBytes(values));
    expect(readTuple(memory, 13)).toEqual(read(values));
  });
});

describe("TupleCache", () => {
  /** Tells connections apart by the remote port. */
  function memory(remotePort: number) {
    return memoryOf(
      tupleBytes({ family: 4, local: [1, 2, 3, 4], remote: [5, 6, 7, 8], localPort: 1, remotePort }),
    );
  }
  const portOf = (cache: TupleCache, cookie: number | bigint, incarnation: number, remotePort: number) =>
    cache.get(cookie, incarnation, memory(remotePort), 0).remotePort;

  test("reads the ends once per connection", () => {
    const cache = new TupleCache();
    const first = cache.get(7, 0, memory(80), 0);
    for (let walk = 0; walk < 100; walk++) {
      cache.nextWalk();
      expect(cache.get(7, 0, memory(81), 0)).toBe(first);
    }
  });

  test("reads them anew for the socket's next connection", () => {
    const cache = new TupleCache();
    expect(portOf(cache, 7, 0, 80)).toBe(80);
    expect(portOf(cache, 7, 1, 81)).toBe(81);
    expect(portOf(cache, 7, 1, 82)).toBe(81);
  });

  test("keeps sockets apart, also where a Number could not", () => {
    const cache = new TupleCache();
    expect(portOf(cache, 2n ** 64n - 1n, 0, 80)).toBe(80);
    expect(portOf(cache, 2n ** 64n - 2n, 0, 81)).toBe(81);
    expect(portOf(cache, 2n ** 64n - 1n, 0, 82)).toBe(80);
  });

  test("forgets in time what no walk asks for", () => {
    const cache = new TupleCache();
    portOf(cache, 7, 0, 80);
    for (let walk = 0; walk < 100; walk++) cache.nextWalk();
    expect(portOf(cache, 7, 0, 81)).toBe(81);
  });
});
