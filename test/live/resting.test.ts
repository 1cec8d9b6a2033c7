import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, readFileSync, readSync, writeFileSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { KnownSockets } from "../../src/collect/ebpf/known-sockets.js";
import { type Walk, Walker } from "../../src/collect/ebpf/walk.js";
import { BpfNumber } from "../../src/linux/bpf-number.js";
import { BpfObject, type Iterator } from "../../src/linux/bpf-object.js";
import { giveCookies } from "../../src/linux/socket-cookies.js";
import type { SocketReading } from "../../src/model/sample.js";
import { noFlows } from "../collect/ebpf/udp/no-flows.js";
import { trafficOfTest } from "./of-test.js";

// Connections at rest are not read (bpf/resting.h). Whatever happens between walks, what a walk says must be what one says that
// reads everything. Walks alone, of objects without any other program: nothing but a walk tells them anything.

const BPF_FOLDER = fileURLToPath(new URL("../../bpf/", import.meta.url));
const PROGRAMS = ["walk_held_sockets", "walk_other_sockets"] as const;
/** With notes in socket storage, and by address. */
const OBJECTS = ["tcptop.bpf.o", "tcptop-kprobe.bpf.o"] as const;

interface Walks {
  readonly held: Iterator;
  readonly taken: BpfNumber;
  readonly walker: Walker;
}

function walksOfTest(file: (typeof OBJECTS)[number] = "tcptop.bpf.o"): Walks {
  const object = BpfObject.load({ path: `${BPF_FOLDER}${file}`, programs: PROGRAMS });
  onTestFinished(() => object.close());
  const held = object.attachIterator("walk_held_sockets");
  const others = object.attachIterator("walk_other_sockets", "notes");
  const taken = new BpfNumber(object.mapFd("taken_walk"));
  const walker = new Walker({ held, others, flows: null }, taken, new KnownSockets(), noFlows());
  return { held, taken, walker };
}

/** A walk that has none before it to refer to. */
function walkReadingAll({ taken, walker }: Walks): Promise<Walk> {
  taken.set(0);
  return walker.walk();
}

/** By socket, what it says and who holds it. Times are not what it says. */
function said({ sockets, holders }: Walk): ReadonlyMap<string, string> {
  const holdersOf = new Map<string, string[]>();
  for (const { cookie, pid, comm } of holders) {
    const of = holdersOf.get(String(cookie)) ?? [];
    of.push(`${pid} ${comm}`);
    holdersOf.set(String(cookie), of);
  }
  return new Map(
    sockets.map(({ readNs, clock, revision, ...says }) => [
      String(says.cookie),
      JSON.stringify([says, holdersOf.get(String(says.cookie)) ?? []]),
    ]),
  );
}

/** A socket that says the same before and after a walk has said that in it. @returns of how many that was known. */
async function expectSaysAll(connections: Connections, resting: Walks, reading: Walks): Promise<number> {
  const before = said(connections.of(await walkReadingAll(reading)));
  const between = said(await resting.walker.walk());
  const after = said(connections.of(await walkReadingAll(reading)));
  const still = [...before].filter(([cookie, says]) => after.get(cookie) === says);
  expect(still.filter(([cookie, says]) => between.get(cookie) !== says)).toEqual([]);
  return still.length;
}

class Connections {
  readonly #server: Server;
  readonly #accepted: Socket[] = [];
  readonly #connected: Socket[] = [];

  private constructor(server: Server) {
    this.#server = server;
  }

  static async open(count: number): Promise<Connections> {
    const server = createServer({ allowHalfOpen: true, pauseOnConnect: false });
    const connections = new Connections(server);
    server.on("connection", (socket) => connections.#accepted.push(quiet(socket)));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    await connections.add(count);
    return connections;
  }

  async add(count: number): Promise<void> {
    const port = this.#port();
    const sockets = Array.from({ length: count }, () => quiet(connect({ port, allowHalfOpen: true })));
    await Promise.all(sockets.map((socket) => once(socket, "connect")));
    this.#connected.push(...sockets);
    await expect.poll(() => this.#accepted.length).toBeGreaterThanOrEqual(this.#connected.length);
  }

  /** What a walk says of these; others' may say one thing, another, and the first again. */
  of({ sockets, ...walk }: Walk): Walk {
    const port = this.#port();
    return {
      ...walk,
      sockets: sockets.filter(({ tuple }) => tuple.localPort === port || tuple.remotePort === port),
    };
  }

  /** Some ends, of either side. */
  some(share: number, random: () => number): readonly Socket[] {
    return [...this.#accepted, ...this.#connected].filter((socket) => !socket.destroyed && random() < share);
  }

  #port(): number {
    const address = this.#server.address();
    if (address === null || typeof address === "string") throw new TypeError("the server has no port");
    return address.port;
  }

  close(): void {
    for (const socket of [...this.#accepted, ...this.#connected]) socket.destroy();
    this.#server.close();
  }
}

/** What it receives is read, and its end is no failure. */
function quiet(socket: Socket): Socket {
  return socket.on("error", () => undefined).resume();
}

async function connectionsOfTest(count: number): Promise<Connections> {
  const connections = await Connections.open(count);
  onTestFinished(() => connections.close());
  return connections;
}

/** Numbers from 0 to 1, the same in each run. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const ACTIONS: readonly ((socket: Socket, random: () => number) => void)[] = [
  (socket, random) => socket.write(Buffer.alloc(1 + Math.floor(random() ** 4 * 300_000))),
  (socket) => socket.pause(),
  (socket) => socket.resume(),
  (socket) => socket.end(),
  (socket) => socket.destroy(),
  (socket) => socket.resetAndDestroy(),
];

function readings({ sockets }: Walk): ReadonlyMap<string, SocketReading> {
  return new Map(sockets.map((reading) => [String(reading.cookie), reading]));
}

test.each(OBJECTS)(
  "%s: whatever connections do, they say what they say to a walk that reads everything",
  async (object) => {
    const random = randomFrom(7);
    const connections = await connectionsOfTest(300);
    const resting = walksOfTest(object);
    const reading = walksOfTest(object);
    let known = 0;
    for (let round = 0; round < 40; round++) {
      // In some rounds nothing happens, in others one connection in fifty does something.
      const share = round % 4 === 0 ? 0 : 0.02;
      for (const socket of connections.some(share, random))
        ACTIONS[Math.floor(random() ** 2 * ACTIONS.length)]?.(socket, random);
      if (round % 5 === 0) await connections.add(5);
      // Programs without socket storage have no way to give a socket the kernel's number.
      giveCookies();
      known += await expectSaysAll(connections, resting, reading);
    }
    // Two ends of 300 connections in 40 rounds, less what moves while it is looked at and what was closed.
    expect(known).toBeGreaterThan(40 * 300);
  },
  60_000,
);

test("what does nothing is not decoded anew, and is read at its time", async () => {
  const connections = await connectionsOfTest(300);
  const { walker } = walksOfTest();
  await walker.walk();
  const first = readings(await walker.walk());
  const times = new Map([...first].map(([cookie, { readNs }]) => [cookie, readNs]));
  const second = readings(await walker.walk());
  const same = [...second].filter(([cookie, socket]) => first.get(cookie) === socket);
  expect(same.length).toBeGreaterThanOrEqual(600);
  for (const [cookie, { readNs }] of same) expect(readNs).toBeGreaterThan(times.get(cookie) ?? Infinity);
  connections.close();
});

test("a walk that nobody takes to its end leaves nothing out of the next", async () => {
  const connections = await connectionsOfTest(300);
  const resting = walksOfTest();
  const reading = walksOfTest();
  for (const bytes of [1, 40_000, 100_000]) {
    await resting.walker.walk();
    const fd = resting.held.open();
    for (let at = 0; at < bytes; at += 1000) readSync(fd, Buffer.alloc(1000));
    closeSync(fd);
    expect(await expectSaysAll(connections, resting, reading)).toBeGreaterThanOrEqual(600);
  }
});

test("another holder, and one that is gone, is told though the connection does nothing", async () => {
  const connections = await connectionsOfTest(1);
  const [socket] = connections.some(1, () => 0);
  if (socket === undefined) throw new Error("there is no connection");
  const { walker } = walksOfTest();
  const holdersOf = async () => {
    const { sockets, holders } = await walker.walk();
    const own = sockets.find(
      ({ tuple }) => tuple.localPort === socket.localPort && tuple.remotePort === socket.remotePort,
    );
    return holders.filter(({ cookie }) => cookie === own?.cookie).map(({ pid }) => pid);
  };
  for (let walk = 0; walk < 4; walk++) expect(await holdersOf()).toEqual([process.pid]);
  const heir = spawn("sleep", ["60"], { stdio: [socket, "ignore", "ignore"] });
  onTestFinished(() => void heir.kill());
  await once(heir, "spawn");
  // The kernel goes through processes by their numbers; the first stays the first when it is told in a row with others.
  const both = [process.pid, heir.pid ?? 0].toSorted((a, b) => a - b);
  for (let walk = 0; walk < 4; walk++) expect(await holdersOf()).toEqual(both);
  heir.kill();
  await once(heir, "exit");
  for (let walk = 0; walk < 4; walk++) expect(await holdersOf()).toEqual([process.pid]);
});

test("another name of its holder is told though the connection does nothing", async () => {
  await connectionsOfTest(1);
  const { walker } = walksOfTest();
  const namesOfOwn = async () => {
    const { holders } = await walker.walk();
    return new Set(holders.filter(({ pid }) => pid === process.pid).map(({ comm }) => comm));
  };
  const name = readFileSync("/proc/self/comm", "utf8").trim();
  onTestFinished(() => writeFileSync(`/proc/${process.pid}/task/${process.pid}/comm`, name));
  for (let walk = 0; walk < 4; walk++) expect(await namesOfOwn()).toEqual(new Set([name]));
  writeFileSync(`/proc/${process.pid}/task/${process.pid}/comm`, "another-name");
  for (let walk = 0; walk < 4; walk++) expect(await namesOfOwn()).toEqual(new Set(["another-name"]));
});

test("a window that the peer opens is told though nothing else comes in", async () => {
  const connections = await connectionsOfTest(1);
  const [receiver, sender] = connections.some(1, () => 0);
  if (receiver === undefined || sender === undefined) throw new Error("there is no connection");
  const { walker } = walksOfTest();
  const reading = walksOfTest();
  const ends = ({ sockets }: Walk) => {
    const of = (localPort?: number) =>
      sockets.find(({ tuple }) => tuple.localPort === localPort && tuple.remotePort !== 0);
    const [sends, receives] = [of(sender.localPort), of(receiver.localPort)];
    return { window: sends?.tcp?.sendWindow, unacked: sends?.sendQueue, unread: receives?.recvQueue };
  };
  receiver.pause();
  // Node.js reads 64 KiB of it all the same; the rest waits in the kernel.
  sender.write(Buffer.alloc(160_000));
  await expect
    .poll(async () => ends(await walkReadingAll(reading)))
    .toMatchObject({ unacked: 0, unread: expect.toSatisfy((bytes: number) => bytes > 40_000) });
  for (let walk = 0; walk < 4; walk++) await walker.walk();
  const { window: closed } = ends(await walker.walk());
  receiver.resume();
  await expect.poll(async () => ends(await walkReadingAll(reading)).window).not.toBe(closed);
  const { window: opened } = ends(await walkReadingAll(reading));
  expect(ends(await walker.walk()).window).toBe(opened);
});

test("an option that leaves no trace is told within sixteen walks", async () => {
  const traffic = await trafficOfTest("plain", "option");
  const { local_port: port } = traffic.endpoint("client");
  const { walker } = walksOfTest();
  const algorithm = async () => {
    const { sockets } = await walker.walk();
    return sockets.find(({ tuple }) => tuple.localPort === port)?.tcp?.congestionAlgorithm;
  };
  const before = await algorithm();
  expect(before).not.toBe("reno");
  for (let walk = 0; walk < 4; walk++) expect(await algorithm()).toBe(before);
  await traffic.order("go");
  const told: (string | null | undefined)[] = [];
  for (let walk = 0; walk < 16; walk++) told.push(await algorithm());
  expect(told).toContain("reno");
  expect(told.at(-1)).toBe("reno");
});
