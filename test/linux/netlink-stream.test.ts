import fc from "fast-check";
import { expect, test } from "vitest";
import { NetlinkStream } from "../../src/linux/netlink-stream.js";

test("messages come out whole, wherever the stream is cut", () => {
  const messages = fc.array(fc.uint8Array({ minLength: 12, maxLength: 90 }), { minLength: 1, maxLength: 20 });
  const cuts = fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 50 });
  fc.assert(
    fc.property(messages, cuts, (bodies, lengths) => {
      const expected = bodies.map(message);
      const seen: string[] = [];
      const stream = new NetlinkStream(({ bytes }, at, length) => {
        seen.push(bytes.toString("hex", at, at + length));
      });
      for (const chunk of cut(Buffer.concat(expected.map(padded)), lengths)) stream.push(chunk);
      expect(seen).toEqual(expected.map((bytes) => bytes.toString("hex")));
    }),
  );
});

test("what can't be a message is refused, not skipped", () => {
  const stream = new NetlinkStream(() => undefined);
  expect(() => stream.push(Buffer.from([0, 0, 0, 0]))).toThrow(RangeError);
  expect(() => stream.push(Buffer.from([0xff, 0xff, 0xff, 0xff]))).toThrow(RangeError);
});

function message(body: Uint8Array): Buffer {
  const bytes = Buffer.alloc(4 + body.length);
  bytes.writeUInt32LE(bytes.length, 0);
  bytes.set(body, 4);
  return bytes;
}

function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
}

function* cut(bytes: Buffer, lengths: readonly number[]): Generator<Buffer> {
  let at = 0;
  for (let index = 0; at < bytes.length; index++) {
    const next = at + (lengths[index % lengths.length] ?? 1);
    yield bytes.subarray(at, next);
    at = next;
  }
}
