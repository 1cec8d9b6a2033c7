import { expect, test } from "vitest";
import { socketMapSizes } from "../../../src/collect/ebpf/kprobe-maps.js";

const GIB = 1024 ** 3;

test.each([
  ["a host of 1 GiB", GIB, 32 * 1024],
  ["of 6 GiB", 6 * GIB, 128 * 1024],
  ["of 1 TiB", 1024 * GIB, 256 * 1024],
  ["of 64 MiB", GIB / 16, 8 * 1024],
  ["where they grow as needed", null, 256 * 1024],
])("room for sockets on %s", (_, memoryBytes, sockets) => {
  expect(Object.fromEntries(socketMapSizes(memoryBytes))).toEqual({
    notes: sockets,
    datagram_notes: sockets / 4,
    flows: sockets,
  });
});
