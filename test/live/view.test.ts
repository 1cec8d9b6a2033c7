import { once } from "node:events";
import { createServer, type Server, type Socket, connect as tcpConnect } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { runProgram } from "./run-program.js";
import { TCPTOP } from "./tcptop.js";

// Filters and groups on sockets of the kernel, whose ports and bytes this test knows.

const SENT = 23_231;
const CONNECTIONS = 3;
const MOST_RUNS = 10;

interface Line {
  readonly type: string;
  readonly [column: string]: unknown;
}

/** Connections of this process to itself, over which the clients have sent, and the server has read all. */
async function connectionsOfThisTest(): Promise<number> {
  const clients: Socket[] = [];
  const served: Socket[] = [];
  let received = 0;
  const server: Server = createServer((socket) => {
    served.push(socket);
    socket.on("data", (data) => {
      received += data.length;
    });
  });
  onTestFinished(() => {
    for (const socket of [...clients, ...served]) socket.destroy();
    server.close();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  for (let count = 0; count < CONNECTIONS; count++) {
    const client = tcpConnect(address.port, "127.0.0.1");
    clients.push(client);
    await once(client, "connect");
    client.write(Buffer.alloc(SENT));
  }
  await expect.poll(() => received, { timeout: 10_000 }).toBe(SENT * CONNECTIONS);
  return address.port;
}

/** The lines of a frame that shows a sample: on a busy host one may only say that the kernel has not answered yet. */
async function tcptopLines(...args: readonly string[]): Promise<readonly Line[]> {
  for (let runs = 0; runs < MOST_RUNS; runs++) {
    const { stdout, ...ended } = await runProgram(TCPTOP, ["-n", "1", "-o", "ndjson", ...args]);
    expect(ended).toMatchObject({ status: 0, stderr: "" });
    const lines: readonly Line[] = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    if (lines.at(-1)?.["stalled"] === null) return lines.slice(0, -1);
  }
  throw new Error(`the kernel has not answered ${MOST_RUNS} times`);
}

describe("a filter", () => {
  test("shows just what fits it: ends, a set of pids, listening sockets where it asks for states", async () => {
    const port = await connectionsOfThisTest();
    const clients = await tcptopLines("-f", `tcp out host 127.0.0.0/8 and remote_port = ${port}`);
    expect(clients).toHaveLength(CONNECTIONS);
    for (const line of clients) {
      expect(line).toMatchObject({ direction: "out", remote_port: port, tx_bytes: SENT, pid: process.pid });
    }
    const big = `port ${port} and pid ${process.pid} and`;
    expect(await tcptopLines("-f", `${big} rx_bytes > 23kB`)).toHaveLength(CONNECTIONS);
    expect(await tcptopLines("-f", `${big} rx_bytes > 24kB`)).toEqual([]);
    expect(await tcptopLines("-f", `${big} listening`)).toMatchObject([
      { state: "LISTEN", local_port: port },
    ]);
    expect(await tcptopLines("-f", `port ${port} and not host ::/0 and not host 127.0.0.1`)).toEqual([]);
  });
});

describe("a group", () => {
  test("has the sums of its connections", async () => {
    const port = await connectionsOfThisTest();
    const [group, ...others] = await tcptopLines("-g", "process", "-f", `port ${port}`, "-s", "connections");
    expect(others).toEqual([]);
    expect(group).toMatchObject({
      type: "group",
      group_by: "process",
      group: process.pid.toString(),
      connections: 2 * CONNECTIONS,
      closed_connections: 0,
      tx_bytes: SENT * CONNECTIONS,
      rx_bytes: SENT * CONNECTIONS,
    });
    const ports = await tcptopLines("-g", "local-port", "-f", `port ${port}`, "-s", "rx_bytes");
    expect(ports).toHaveLength(1 + CONNECTIONS);
    expect(ports[0]).toMatchObject({ group: port.toString(), connections: CONNECTIONS, tx_bytes: 0 });
  });
});
