import { spawn } from "node:child_process";
import { createServer, type Server } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { SockDiag } from "../../src/linux/sock-diag.js";
import { closedRowsOf, NO_OWNER, rowOf } from "./exactness.js";
import { tcptopOfTest, trafficOfTest } from "./of-test.js";
import type { Tcptop } from "./tcptop.js";
import type { ConnectionLine } from "./tcptop-lines.js";
import type { TrafficEndpoint } from "./traffic.js";

// SOCK_DESTROY, as `ss -K` and the key K order it: here this process does, which has none of the sockets, so it owns none.

function destroy(
  end: Pick<
    TrafficEndpoint,
    "family" | "local_addr" | "local_port" | "remote_addr" | "remote_port" | "cookie"
  >,
): void {
  const netlink = new SockDiag();
  try {
    netlink.destroy({
      proto: "tcp",
      tuple: {
        family: end.family,
        localAddr: end.local_addr,
        localPort: end.local_port,
        remoteAddr: end.remote_addr,
        remotePort: end.remote_port,
      },
      cookie: BigInt(end.cookie ?? 0),
      boundDevice: null,
    });
  } finally {
    netlink.close();
  }
}

async function closedRowOf(tcptop: Tcptop, end: TrafficEndpoint): Promise<ConnectionLine> {
  await expect.poll(() => closedRowsOf(tcptop, end).length, { timeout: 10_000 }).toBe(1);
  const [row] = closedRowsOf(tcptop, end);
  if (row === undefined) throw new Error("unreachable: polled for");
  return row;
}

test.each(["client", "server"] as const)(
  "a %s that is older than tcptop stays its holder's",
  async (side) => {
    const traffic = await trafficOfTest("plain", "send");
    const tcptop = await tcptopOfTest();
    const [end, peer] = [traffic.endpoint(side), traffic.endpoint(side === "client" ? "server" : "client")];
    expect(rowOf(await tcptop.nextFrame(), end)).toMatchObject({ pid: end.pid, owner_source: "holder" });
    destroy(end);
    expect(await closedRowOf(tcptop, end)).toMatchObject({
      end_reason: "aborted",
      pid: end.pid,
      comm: end.comm,
      owners: [end.pid],
      owner_source: "holder",
    });
    // The reset comes to it in the same context.
    expect(await closedRowOf(tcptop, peer)).toMatchObject({
      end_reason: "reset_by_peer",
      pid: peer.pid,
      owners: [peer.pid],
      owner_source: "holder",
    });
  },
);

test("inherited by four workers, it stays theirs", async () => {
  const traffic = await trafficOfTest("workers", "workers4");
  const tcptop = await tcptopOfTest();
  const end = traffic.endpoint("client");
  await tcptop.nextFrame();
  destroy(end);
  const owners = end.owners.toSorted((a, b) => a - b);
  expect(await closedRowOf(tcptop, end)).toMatchObject({ pid: owners[0], owners, owner_source: "holder" });
});

/** Resolves with the first row from now on for which it holds, open or closed. */
async function rowWhere(tcptop: Tcptop, holds: (row: ConnectionLine) => boolean): Promise<ConnectionLine> {
  const frame = await tcptop.frameWhere(({ connections }) => connections.some(holds));
  const row = frame.connections.find(holds);
  if (row === undefined) throw new Error("unreachable: waited for");
  return row;
}

/** Destroys the one of that row; resolves with its closed row. */
async function destroyRow(tcptop: Tcptop, row: ConnectionLine): Promise<ConnectionLine> {
  const { id, local_addr, local_port, remote_addr, remote_port } = row;
  const remote = { remote_addr: remote_addr ?? "0.0.0.0", remote_port: remote_port ?? 0 };
  destroy({ family: 4, local_addr, local_port, ...remote, cookie: id });
  return await rowWhere(tcptop, (one) => one.id === id && one.closed);
}

test("one that no walk has met is of whoever had it, as far as is heard of that", async () => {
  const tcptop = await tcptopOfTest(["-d", "3"]);
  await tcptop.nextFrame();
  const traffic = await trafficOfTest("plain", "send");
  const end = traffic.endpoint("server");
  destroy(end);
  await traffic.end();
  expect(await closedRowOf(tcptop, end)).toMatchObject({ pid: end.pid, owners: [end.pid] });
});

test("one that nobody has accepted has no owner", async () => {
  const traffic = await trafficOfTest("queued", "queued");
  const tcptop = await tcptopOfTest();
  const client = traffic.endpoint("client");
  const row = await rowWhere(
    tcptop,
    ({ local_port, remote_port, netns_inode }) =>
      local_port === client.remote_port && remote_port === client.local_port && netns_inode === client.netns,
  );
  expect(row).toMatchObject(NO_OWNER);
  expect(await destroyRow(tcptop, row)).toMatchObject({ ...NO_OWNER, end_reason: "aborted" });
});

test("one that its process has left has no owner", async () => {
  const server = createServer({ pauseOnConnect: true });
  onTestFinished(() => void server.close());
  const accepted = new Promise<void>((resolve) => {
    server.once("connection", (socket) => {
      onTestFinished(() => void socket.destroy());
      socket.on("error", () => undefined);
      resolve();
    });
  });
  const port = await new Promise<number>((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve(portOf(server.address())));
  });
  const client = spawn(process.execPath, ["-e", LEAVES_UNSENT, String(port)], { stdio: "inherit" });
  await Promise.all([accepted, new Promise((resolve) => client.once("exit", resolve))]);
  const tcptop = await tcptopOfTest();
  const row = await rowWhere(tcptop, ({ remote_port }) => remote_port === port);
  expect(row).toMatchObject({ ...NO_OWNER, state: "FIN_WAIT1" });
  expect(await destroyRow(tcptop, row)).toMatchObject({ ...NO_OWNER, end_reason: "aborted" });
});

/** More than both ends have room for. */
const LEAVES_UNSENT = `
const socket = require("node:net").connect(Number(process.argv[1]), "127.0.0.1", () => {
  socket.write(Buffer.alloc(32 << 20));
  setImmediate(() => process.exit());
});`;

test("a listening socket stays its holder's", async () => {
  const server = spawn(process.execPath, ["-e", LISTENS], { stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => void server.kill("SIGKILL"));
  const port = Number(await new Promise((resolve) => server.stdout.once("data", resolve)));
  const tcptop = await tcptopOfTest(["--listening"]);
  const row = await rowWhere(tcptop, ({ local_port }) => local_port === port);
  expect(row).toMatchObject({ pid: server.pid, owner_source: "holder" });
  expect(await destroyRow(tcptop, row)).toMatchObject({ pid: server.pid, owners: [server.pid] });
});

const LISTENS = `
const server = require("node:net").createServer().listen(0, "127.0.0.1", () => console.log(server.address().port));`;

function portOf(address: ReturnType<Server["address"]>): number {
  if (address === null || typeof address === "string") throw new Error("it does not listen");
  return address.port;
}
