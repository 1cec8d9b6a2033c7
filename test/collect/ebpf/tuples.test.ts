import { describe, expect, test } from "vitest";
import { readTuple } from "../../../src/collect/ebpf/tuples.js";
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
