import { SocketAddress } from "node:net";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ipv4Text, ipv6Text } from "../../../src/collect/ebpf/address-text.js";

const binary = (bytes: readonly number[]): string => String.fromCharCode(...bytes);
const groupsAsBytes = (groups: readonly number[]): readonly number[] =>
  groups.flatMap((group) => [group >> 8, group & 0xff]);
const uncompressed = (groups: readonly number[]): string =>
  groups.map((group) => group.toString(16).padStart(4, "0")).join(":");

/** Groups with many zeros: where runs of them stand is what makes an address hard to write. */
const sparseGroups = fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffff })), {
  minLength: 8,
  maxLength: 8,
});

/** IPv4 inside of IPv6: readTuple() shows the mapped as IPv4, and the compatible (RFC 4291: deprecated) are never seen. */
function embedsIpv4(groups: readonly number[]): boolean {
  return groups.slice(0, 5).every((group) => group === 0) && (groups[5] === 0 || groups[5] === 0xffff);
}

test("IPv4 is a dotted quad", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 4, maxLength: 4 }), (bytes) => {
      expect(ipv4Text(binary(bytes))).toBe(bytes.join("."));
      expect(() => new SocketAddress({ address: ipv4Text(binary(bytes)), family: "ipv4" })).not.toThrow();
    }),
  );
});

describe("IPv6", () => {
  test("is what a URL makes of any address: RFC 5952", () => {
    fc.assert(
      fc.property(sparseGroups, (groups) => {
        fc.pre(!embedsIpv4(groups));
        const { hostname } = new URL(`http://[${uncompressed(groups)}]/`);
        expect(`[${ipv6Text(binary(groupsAsBytes(groups)))}]`).toBe(hostname);
      }),
      { numRuns: 2000 },
    );
  });

  test.each([
    ["::", [0, 0, 0, 0, 0, 0, 0, 0]],
    ["::1", [0, 0, 0, 0, 0, 0, 0, 1]],
    ["1::", [1, 0, 0, 0, 0, 0, 0, 0]],
    ["2001:db8::1:0:0:1", [0x2001, 0xdb8, 0, 0, 1, 0, 0, 1]],
    ["2001:db8:0:1:1:1:1:1", [0x2001, 0xdb8, 0, 1, 1, 1, 1, 1]],
    ["2001:0:0:1::1", [0x2001, 0, 0, 1, 0, 0, 0, 1]],
  ])("%s", (text, groups) => {
    expect(ipv6Text(binary(groupsAsBytes(groups)))).toBe(text);
  });
});
