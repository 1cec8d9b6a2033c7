import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { searchPredicate } from "../../src/view/search.js";
import { exampleConnection, listeningSocket, unknownConnection } from "../model/example-connection.js";

describe("a row shows", () => {
  test.each([
    "",
    "  ",
    "curl",
    "CUR",
    " curl ",
    "1234",
    "192.0.2",
    "198.51.100.7",
    "198.51.100.7:443",
    ":443",
    "443",
    "43210",
    "https",
    "estab",
    "tcp",
    "www-data",
    "fetch.service",
    "-sSf",
  ])("%j", (text) => {
    expect(searchPredicate(text)(exampleConnection())).toBe(true);
  });

  test.each(["wget", "4433", "10.0.0.1", "udp", ":80", "null", "undefined"])("not %j", (text) => {
    expect(searchPredicate(text)(exampleConnection())).toBe(false);
  });

  test("all of its owners, how it ended, its namespace, and IPv6 in brackets", () => {
    const owners = [{ pid: 5, comm: "worker", source: "holder" }] as const;
    expect(searchPredicate("worker")(exampleConnection({ owners }))).toBe(true);
    expect(searchPredicate("reset_by")(exampleConnection({ closed: true, endReason: "reset_by_peer" }))).toBe(
      true,
    );
    expect(searchPredicate("blue")(exampleConnection({ netnsName: "blue" }))).toBe(true);
    expect(searchPredicate("[2001:db8::1]:443")(exampleConnection({ remoteAddr: "2001:db8::1" }))).toBe(true);
  });

  test("not the zeros that stand for a missing peer", () => {
    expect(searchPredicate("0.0.0.0:0")(listeningSocket())).toBe(false);
    expect(searchPredicate("0.0.0.0:80")(listeningSocket())).toBe(true);
    expect(searchPredicate("nginx")(unknownConnection())).toBe(false);
  });
});

test("what is longer is found in no more rows", () => {
  fc.assert(
    fc.property(
      fc.constantFrom("curl", "198.51.100.7:443", "43210", "https", "zzz"),
      fc.nat(16),
      (text, length) => {
        const part = text.slice(0, length);
        const isFound = searchPredicate(text)(exampleConnection());
        expect(!isFound || searchPredicate(part)(exampleConnection())).toBe(true);
      },
    ),
  );
});
