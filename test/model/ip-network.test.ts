import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { NetworkSet, parseNetwork } from "../../src/model/ip-network.js";

function isIn(address: string, ...networks: readonly string[]): boolean {
  const parsed = networks.map((text) => {
    const network = parseNetwork(text);
    if (network === null) throw new Error(`${text} is no network`);
    return network;
  });
  return new NetworkSet(parsed).has(address);
}

describe("an address is in a network", () => {
  test.each([
    ["10.1.2.3", "10.0.0.0/8", true],
    ["11.1.2.3", "10.0.0.0/8", false],
    ["10.1.2.3", "10.9.9.9/8", true],
    ["10.1.2.3", "10.1.2.3", true],
    ["10.1.2.4", "10.1.2.3", false],
    ["10.1.2.4", "10.1.2.3/31", false],
    ["10.1.2.2", "10.1.2.3/31", true],
    ["255.255.255.255", "0.0.0.0/0", true],
    ["2001:db8::1", "2001:db8::/32", true],
    ["2001:db9::1", "2001:db8::/32", false],
    ["2001:0DB8:0:0::1", "2001:db8::1", true],
    ["::1", "::1", true],
    ["::", "::/128", true],
    ["fe80::1%eth0", "fe80::/10", true],
    ["::ffff:10.1.2.3", "10.0.0.0/8", true],
    ["10.1.2.3", "::ffff:10.0.0.0/104", true],
    ["10.1.2.3", "::ffff:a01:203", true],
  ])("%s in %s: %s", (address, network, expected) => {
    expect(isIn(address, network)).toBe(expected);
  });

  test("of its own family only", () => {
    expect(isIn("10.1.2.3", "::/0")).toBe(false);
    expect(isIn("::1", "0.0.0.0/0")).toBe(false);
  });

  test("in any of several", () => {
    expect(isIn("::1", "10.0.0.0/8", "::1")).toBe(true);
    expect(isIn("::2", "10.0.0.0/8", "::1")).toBe(false);
  });

  test("but not when it is none", () => {
    expect(isIn("", "0.0.0.0/0", "::/0")).toBe(false);
    expect(isIn("10.1.2", "0.0.0.0/0")).toBe(false);
  });
});

test.each([
  "",
  "/8",
  "10",
  "10.0.0",
  "10.0.0.0.0",
  "10.0.0.256",
  "010.0.0.1",
  "10..0.1",
  "10.0.0.0/",
  "10.0.0.0/33",
  "10.0.0.0/-1",
  "10.0.0.0/8/8",
  "10.0.0.0%eth0",
  "fe80::1%eth0",
  ":",
  ":1",
  "1:",
  ":::",
  "1::2::3",
  "12345::",
  "1:2:3:4:5:6:7",
  "1:2:3:4:5:6:7:8:9",
  "1:2:3:4:5:6:7:8::",
  "1:2:3:4:5:6:7:1.2.3.4",
  "::1.2.3",
  "::g",
  "::/129",
])("%j is no network", (text) => {
  expect(parseNetwork(text)).toBeNull();
});

test.each(["1:2:3:4:5:6:7::", "::2:3:4:5:6:7:8", "1::8", "::1.2.3.4", "1:2:3:4:5:6:1.2.3.4", "fe80::"])(
  "%s is an address",
  (text) => {
    expect(parseNetwork(text)?.isSingle).toBe(true);
  },
);

/** Eight groups, written in full or with the first run of zeros left out. */
const ipv6 = fc
  .tuple(fc.array(fc.constantFrom(0, 0, 1, 0xabcd, 0xffff), { minLength: 8, maxLength: 8 }), fc.boolean())
  .map(([groups, isShort]) => {
    const full = groups.map((group) => group.toString(16)).join(":");
    const short = full.replace(/(^|:)0(:0)+(:|$)/, "::");
    return {
      text: isShort ? short : full,
      bits: groups.reduce((bits, group) => bits * 65_536n + BigInt(group), 0n),
    };
  });

test("membership is what arithmetic on 128 bits gives", () => {
  fc.assert(
    fc.property(ipv6, ipv6, fc.integer({ min: 0, max: 128 }), (address, network, prefix) => {
      const isMapped = (bits: bigint) => bits >> 32n === 0xffffn;
      fc.pre(!isMapped(address.bits) && !isMapped(network.bits));
      const shift = BigInt(128 - prefix);
      const expected = address.bits >> shift === network.bits >> shift;
      expect(isIn(address.text, `${network.text}/${prefix}`)).toBe(expected);
    }),
  );
});

test("no text throws, and the address of a network is one", () => {
  const text = fc.string({ unit: fc.constantFrom(..."0123456789abcf:./%"), maxLength: 45 });
  fc.assert(
    fc.property(text, (address) => {
      const isNetwork = parseNetwork(address) !== null;
      const isAddress = isIn(address.split("/")[0] ?? "", "0.0.0.0/0", "::/0");
      expect(isAddress || !isNetwork).toBe(true);
    }),
  );
});
