import { connect, createServer, type Server, type Socket } from "node:net";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { EbpfCollector } from "../../src/collect/ebpf/ebpf-collector.js";
import { isOwnNumber, numberSockets } from "../../src/collect/ebpf/kprobe-cookies.js";
import { kprobePlan } from "../../src/collect/ebpf/kprobe-plan.js";
import type { Sample, SocketReading } from "../../src/model/sample.js";

// All of the rung kprobe but kprobes, which not every kernel lets attach: TCP by raw tracepoints, iterators and a hash.

const OBJECT_FOLDER = fileURLToPath(new URL("../../bpf/", import.meta.url));

let server: Server;
let port: number;

beforeAll(async () => {
  server = createServer((socket) =>
    socket
      .on("error", () => undefined)
      .resume()
      .pipe(socket),
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  port = typeof address === "object" && address !== null ? address.port : 0;
});

afterAll(() => {
  server.close();
});

async function connectionOfTest(): Promise<Socket> {
  const socket = connect(port, "127.0.0.1");
  onTestFinished(() => {
    socket.destroy();
  });
  await new Promise<void>((resolve) => socket.once("connect", resolve));
  return socket;
}

function collectorOfTest(): EbpfCollector {
  const collector = EbpfCollector.open(
    {
      ...kprobePlan(),
      programs: ["tcp_state_changed", "tcp_destroyed"],
      prepare: numberSockets,
    },
    { objectFolder: OBJECT_FOLDER },
  );
  onTestFinished(() => collector.close());
  return collector;
}

function endsOf(readings: readonly SocketReading[], localPort: number | undefined): readonly SocketReading[] {
  return readings.filter(({ tuple }) => tuple.localPort === localPort || tuple.remotePort === localPort);
}

async function exchange(socket: Socket, bytes: number): Promise<void> {
  let received = 0;
  const answered = new Promise<void>((resolve) => {
    socket.on("data", (data) => {
      received += data.length;
      if (received === bytes) resolve();
    });
  });
  socket.write(Buffer.alloc(bytes));
  await answered;
}

test("sockets that were there before, and those that come: exact, with the kernel's cookies", async () => {
  const older = await connectionOfTest();
  await exchange(older, 1001);
  const collector = collectorOfTest();
  const newer = await connectionOfTest();
  await exchange(newer, 2002);
  const sample = await collector.sample([]);
  for (const [socket, bytes] of [
    [older, 1001],
    [newer, 2002],
  ] as const) {
    const ends = endsOf(sample.sockets, socket.localPort);
    expect(ends.map(({ txBytes, rxBytes, direction }) => ({ txBytes, rxBytes, direction }))).toEqual(
      expect.arrayContaining([
        { txBytes: bytes, rxBytes: bytes, direction: "out" },
        { txBytes: bytes, rxBytes: bytes, direction: "in" },
      ]),
    );
    expect(ends.map(({ cookie }) => isOwnNumber(cookie))).toEqual([false, false]);
    for (const { holderCookie } of ends) {
      const holders = sample.holders?.filter(({ cookie }) => cookie === holderCookie) ?? [];
      expect(holders.map(({ pid }) => pid)).toContain(process.pid);
    }
  }
});

test("a connection that ends is told once, with its last counters and its owner; no note is left of it", async () => {
  const collector = collectorOfTest();
  const socket = await connectionOfTest();
  const { localPort } = socket;
  await exchange(socket, 3003);
  socket.end();
  const samples: Sample[] = [];
  await expect
    .poll(async () => {
      samples.push(await collector.sample([]));
      return endsOf(
        samples.flatMap(({ closed }) => closed),
        localPort,
      ).length;
    })
    .toBe(2);
  const last = await collector.sample([]);
  expect(endsOf([...last.closed, ...last.sockets], localPort)).toEqual([]);
  const closed = samples.flatMap((sample) => sample.closed);
  expect(endsOf(closed, localPort)).toMatchObject([
    { txBytes: 3003, rxBytes: 3003, owner: { pid: process.pid } },
    { txBytes: 3003, rxBytes: 3003, owner: { pid: process.pid } },
  ]);
  expect(last.missedEvents).toBe(0);
});
