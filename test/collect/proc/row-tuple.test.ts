import { endianness } from "node:os";
import { expect, test } from "vitest";
import { tupleOfEnds } from "../../../src/collect/proc/row-tuple.js";

// The tables are those of the host that runs the test.
const onLittleEndian = test.runIf(endianness() === "LE");

onLittleEndian("IPv4", () => {
  expect(tupleOfEnds("0100007F:B037 4D0200C0:0051")).toEqual({
    family: 4,
    localAddr: "127.0.0.1",
    localPort: 45111,
    remoteAddr: "192.0.2.77",
    remotePort: 81,
  });
});

onLittleEndian("IPv6", () => {
  const ends = "B80D0120000000000000000001000000:0050 00000000000000000000000000000000:0000";
  expect(tupleOfEnds(ends)).toEqual({
    family: 6,
    localAddr: "2001:db8::1",
    localPort: 80,
    remoteAddr: "::",
    remotePort: 0,
  });
});

const MAPPED = "0000000000000000FFFF00000100007F";

onLittleEndian("IPv4-mapped IPv6 is IPv4, also where there is no peer", () => {
  expect(tupleOfEnds(`${MAPPED}:B2A6 ${MAPPED}:BE33`)).toMatchObject({
    family: 4,
    localAddr: "127.0.0.1",
    remoteAddr: "127.0.0.1",
  });
  expect(tupleOfEnds(`${MAPPED}:BE33 ${"0".repeat(32)}:0000`)).toMatchObject({
    family: 4,
    localAddr: "127.0.0.1",
    remoteAddr: "0.0.0.0",
  });
});
