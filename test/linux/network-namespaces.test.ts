import { statSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { findNetworkNamespaces } from "../../src/linux/network-namespaces.js";

const OWN = "/proc/self/ns/net";

describe.runIf(process.platform === "linux")("network namespaces that can be entered", () => {
  test("our own is among them", () => {
    expect(findNetworkNamespaces().get(statSync(OWN).ino)).toBe(OWN);
  });

  test("of those that are wanted, those that there are", () => {
    const own = statSync(OWN).ino;
    expect([...findNetworkNamespaces(new Set([own]))]).toEqual([[own, OWN]]);
    expect(findNetworkNamespaces(new Set([1])).size).toBe(0);
  });
});
