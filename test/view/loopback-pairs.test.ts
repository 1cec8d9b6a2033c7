import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Connection } from "../../src/model/connection.js";
import { foldLoopbackPairs } from "../../src/view/loopback-pairs.js";
import { exampleConnection, listeningSocket } from "../model/example-connection.js";

function end(
  id: string,
  localPort: number,
  remotePort: number,
  changes: Partial<Connection> = {},
): Connection {
  const localAddr = "127.0.0.1";
  const direction = localPort > remotePort ? "out" : "in";
  return exampleConnection({
    id,
    localAddr,
    remoteAddr: localAddr,
    localPort,
    remotePort,
    direction,
    ...changes,
  });
}

/** `client->server` for a pair, with `?` where nobody knows the direction; the id for a single end. */
function fold(...connections: readonly Connection[]): readonly string[] {
  return foldLoopbackPairs(connections).map((row) => {
    if (row.kind === "single") return row.connection.id;
    return `${row.client.id}${row.isDirectionKnown ? "" : "?"}->${row.server.id}`;
  });
}

describe("two ends are one row", () => {
  test("where the first of them stood, the client first", () => {
    const far = exampleConnection({ id: "far" });
    expect(fold(end("s", 80, 5000), far, end("c", 5000, 80))).toEqual(["c->s", "far"]);
    expect(fold(end("c", 5000, 80), far, end("s", 80, 5000))).toEqual(["c->s", "far"]);
  });

  test("by what either end knows of the direction", () => {
    const unknown = { direction: null } as const;
    expect(fold(end("a", 80, 5000, { direction: "out" }), end("b", 5000, 80, unknown))).toEqual(["a->b"]);
    expect(fold(end("a", 80, 5000, unknown), end("b", 5000, 80, { direction: "in" }))).toEqual(["a->b"]);
    expect(fold(end("a", 80, 5000, unknown), end("b", 5000, 80, unknown))).toEqual(["b?->a"]);
  });

  test("with two addresses of the host, and over IPv6", () => {
    const there = { family: 6, localAddr: "2001:db8::1", remoteAddr: "::1" } as const;
    const back = { family: 6, localAddr: "::1", remoteAddr: "2001:db8::1" } as const;
    expect(fold(end("c", 5000, 80, there), end("s", 80, 5000, back))).toEqual(["c->s"]);
  });

  test("each with one other, when a port is used by several", () => {
    const ends = [end("c", 5000, 80), end("c2", 5001, 80), end("s2", 80, 5001), end("s", 80, 5000)];
    expect(fold(...ends)).toEqual(["c->s", "c2->s2"]);
    expect(fold(end("s", 53, 5000), end("s2", 53, 5000), end("c", 5000, 53))).toEqual(["c->s", "s2"]);
  });
});

describe("ends stay apart", () => {
  test.each<readonly [string, Partial<Connection>]>([
    ["in another namespace", { netns: 7 }],
    ["of another protocol", { proto: "udp" }],
    ["when one has closed: its port may be another's by now", { closed: true }],
    ["at another address", { localAddr: "127.0.0.2" }],
    ["at another port", { localPort: 81 }],
  ])("%s", (_, changes) => {
    expect(fold(end("c", 5000, 80), end("s", 80, 5000, changes))).toEqual(["c", "s"]);
  });

  test("when there is only one: a socket that is connected to itself, a listening socket", () => {
    expect(fold(end("self", 5000, 5000))).toEqual(["self"]);
    expect(fold(listeningSocket(), listeningSocket())).toEqual(["12", "12"]);
  });
});

test("every connection is in one row, and the ends of a pair mirror each other", () => {
  const port = fc.integer({ min: 0, max: 3 });
  const ends = fc.array(
    fc.record({
      localPort: port,
      remotePort: port,
      closed: fc.boolean(),
      direction: fc.constantFrom("in", "out", null),
    }),
    { maxLength: 20 },
  );
  fc.assert(
    fc.property(ends, (changes) => {
      const connections = changes.map(({ localPort, remotePort, ...more }, index) =>
        end(String(index), localPort, remotePort, more),
      );
      const rows = foldLoopbackPairs(connections);
      const members = rows.flatMap((row) =>
        row.kind === "single" ? [row.connection] : [row.client, row.server],
      );
      expect(members).toHaveLength(connections.length);
      expect(new Set(members)).toEqual(new Set(connections));
      for (const row of rows) {
        if (row.kind === "single") continue;
        expect(row.client.localPort).toBe(row.server.remotePort);
        expect(row.server.localPort).toBe(row.client.remotePort);
        expect(row.client.closed).toBe(row.server.closed);
      }
    }),
  );
});
