import fc from "fast-check";
import { expect, test } from "vitest";
import { InetDiagMessage } from "../../src/linux/inet-diag-message.js";
import { memoryOf, NetlinkStream } from "../../src/linux/netlink-stream.js";
import { decodeEnds, parseRows } from "../../src/linux/proc-net.js";
import { summariseLoadLog } from "../../src/linux/verifier-log.js";
import { anyText } from "../any-text.js";
import { diagMessage } from "./diag-message-bytes.js";

// What the kernel tells, and what it might tell one day: nothing that comes from there makes a decoder throw, or read what is
// another message's.

/** A message of sock_diag with bytes of chance at the end, and at some other places. */
const messages = fc
  .record({
    attributes: fc.uint8Array({ maxLength: 300 }),
    changes: fc.array(fc.tuple(fc.nat(500), fc.nat(255)), { maxLength: 5 }),
  })
  .map(({ attributes, changes }) => {
    const bytes = Buffer.concat([diagMessage({ info: {} }), attributes]);
    for (const [at, byte] of changes) if (at < bytes.length) bytes[at] = byte;
    return bytes;
  });

/** All that a message tells, by the names of its fields. */
function told(message: InetDiagMessage): readonly unknown[] {
  const fields = Object.entries(Object.getOwnPropertyDescriptors(InetDiagMessage.prototype));
  return fields.flatMap(([, { get }]) => (get === undefined ? [] : [get.call(message)]));
}

test("a message of sock_diag says the same whatever is around it", () => {
  fc.assert(
    fc.property(messages, fc.uint8Array({ maxLength: 40 }), (bytes, around) => {
      const alone = memoryOf(bytes);
      const among = memoryOf(Buffer.concat([around, bytes, around]));
      const first = new InetDiagMessage(alone);
      expect(first.moveTo(alone, 0, bytes.length)).toBe(true);
      const fields = told(first);
      expect(fields.length).toBeGreaterThan(30);
      const second = new InetDiagMessage(among);
      second.moveTo(among, around.length, bytes.length);
      expect(told(second)).toEqual(fields);
    }),
  );
});

test("a stream of any bytes is messages within it, or is refused", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 8 }), (chunks) => {
      const stream = new NetlinkStream(({ bytes }, at, length) => {
        expect(length).toBeGreaterThanOrEqual(4);
        expect(at + length).toBeLessThanOrEqual(bytes.length);
      });
      try {
        for (const chunk of chunks) stream.push(Buffer.from(chunk));
      } catch (error) {
        expect(error).toBeInstanceOf(RangeError);
      }
    }),
  );
});

const ROW =
  "   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4711 1 0 100 0 0 10 0\n";

test("lines of a socket table, changed at any place, are rows of numbers, or none", () => {
  const changes = fc.array(fc.tuple(fc.nat(ROW.length), anyText({ maxLength: 3 })), {
    maxLength: 4,
  });
  fc.assert(
    fc.property(changes, (edits) => {
      const text = edits.reduce((line, [at, put]) => line.slice(0, at) + put + line.slice(at + 1), ROW);
      for (const { ends, state, txQueue, rxQueue, uid, inode } of parseRows(`${text}\n`, "tcp")) {
        for (const number of [state, txQueue, rxQueue, uid, inode]) expect(number).not.toBeNaN();
        const { localPort, remotePort } = decodeEnds(ends);
        expect(localPort).toBeLessThanOrEqual(0xffff);
        expect(remotePort).toBeLessThanOrEqual(0xffff);
      }
    }),
  );
  expect(parseRows(ROW, "tcp")).toHaveLength(1);
});

test("a verifier's log of any text has a reason in one line", () => {
  const line = fc.oneof(
    fc.string(),
    fc.constantFrom("libbpf: prog 'x': failed to load", "0: (b7) r0 = 0", ""),
  );
  fc.assert(
    fc.property(fc.array(line), (lines) => {
      expect(summariseLoadLog(lines.join("\n")).reason).not.toContain("\n");
    }),
  );
});
