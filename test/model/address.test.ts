import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addressSortKey, formatEndpoint } from "../../src/model/address.js";

test("an endpoint is written as in URLs", () => {
  expect(formatEndpoint("192.0.2.1", 443)).toBe("192.0.2.1:443");
  expect(formatEndpoint("2001:db8::1", 443)).toBe("[2001:db8::1]:443");
  expect(formatEndpoint("fe80::1%eth0", 22)).toBe("[fe80::1%eth0]:22");
  expect(formatEndpoint("0.0.0.0", null)).toBe("0.0.0.0:*");
});

describe("addressSortKey", () => {
  test("puts addresses in numeric order, IPv4 first, what is none last", () => {
    const ordered = [
      "0.0.0.0",
      "9.0.0.1",
      "10.0.0.1",
      "10.0.0.20",
      "255.255.255.255",
      "::",
      "::1",
      "::ffff:1.2.3.4",
      "1::",
      "fe80::1",
      "fe80::1%eth0",
      "fe80::1%eth1",
      "fe80::a",
      "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
      "*",
    ];
    expect(ordered.toReversed().toSorted(byKey)).toEqual(ordered);
  });

  test("knows two spellings of one address", () => {
    expect(addressSortKey("2001:DB8:0:0:0:0:0:1")).toBe(addressSortKey("2001:db8::1"));
    expect(addressSortKey("64:ff9b::192.0.2.1")).toBe(addressSortKey("64:ff9b::c000:201"));
  });

  test.each(["", "1.2.3", "1.2.3.256", "1::2::3", "1:2:3", "12345::", ":::", "g::"])(
    "%j is no address",
    (text) => {
      expect(addressSortKey(text)).toBe(`z${text}`);
    },
  );

  test("orders IPv4 like the number that it is", () => {
    const octets = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255));
    fc.assert(
      fc.property(octets, octets, (a, b) => {
        const order = Math.sign(byKey(a.join("."), b.join(".")));
        expect(order).toBe(Math.sign(Buffer.compare(Buffer.from(a), Buffer.from(b))));
      }),
    );
  });
});

function byKey(a: string, b: string): number {
  const [keyA, keyB] = [addressSortKey(a), addressSortKey(b)];
  if (keyA === keyB) return 0;
  return keyA < keyB ? -1 : 1;
}
