import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { expect, onTestFinished, test } from "vitest";
import { DestroyedSockets } from "../../src/linux/destroyed-sockets.js";
import { InetDiagMessage } from "../../src/linux/inet-diag-message.js";
import { memoryOf } from "../../src/linux/netlink-stream.js";

// What the kernel says of sockets that it frees, and what it does not when nobody listens.

async function boundSockets(count: number): Promise<readonly Socket[]> {
  const sockets = Array.from({ length: count }, () => createSocket("udp4"));
  await Promise.all(sockets.map((socket) => once(socket.bind(0, "127.0.0.1"), "listening")));
  return sockets;
}

/** The ports of the sockets that the kernel told the end of. */
function portsIn(destroyed: DestroyedSockets): readonly number[] {
  const ports: number[] = [];
  const message = new InetDiagMessage(memoryOf(Buffer.alloc(0)));
  destroyed.drain((memory, at, length) => {
    if (message.moveTo(memory, at, length)) ports.push(message.localPort);
  });
  return ports;
}

test("each socket that ends is told, once", async () => {
  const destroyed = new DestroyedSockets();
  onTestFinished(() => destroyed.close());
  const sockets = await boundSockets(50);
  const ports = sockets.map((socket) => socket.address().port);
  for (const socket of sockets) socket.close();
  const told: number[] = [];
  const ours = () => {
    told.push(...portsIn(destroyed));
    return told.filter((port) => ports.includes(port)).toSorted();
  };
  await expect.poll(ours, { timeout: 5_000 }).toEqual(ports.toSorted());
  expect(destroyed.overflows).toBe(0);
});

test("a buffer that was full is an unknown loss, which is counted; what comes after is told again", async () => {
  const destroyed = new DestroyedSockets(4096);
  onTestFinished(() => destroyed.close());
  for (const socket of await boundSockets(200)) socket.close();
  await expect
    .poll(() => [portsIn(destroyed).length < 200, destroyed.overflows], { timeout: 5_000 })
    .toEqual([true, 1]);
  const [last] = await boundSockets(1);
  const port = last?.address().port;
  last?.close();
  await expect.poll(() => portsIn(destroyed), { timeout: 5_000 }).toContain(port);
});
