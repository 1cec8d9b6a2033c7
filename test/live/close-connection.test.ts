import { execFileSync } from "node:child_process";
import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { closeConnection } from "../../src/cli/close-connection.js";
import { ownNetworkNamespace } from "../../src/linux/network-namespaces.js";
import type { Connection } from "../../src/model/connection.js";
import { exampleConnection } from "../model/example-connection.js";

// What the key K orders, on sockets of this process, and what it says of that.

const HERE = { family: 4, localAddr: "127.0.0.1", remoteAddr: "127.0.0.1", boundDevice: null } as const;

/** A row of this network namespace; the socket is known by its cookie, as `ss -e` tells it. */
function rowOf(proto: "tcp" | "udp", localPort: number, others: Partial<Connection>): Connection {
  const said = execFileSync("ss", ["-Hane", `--${proto}`, `sport = :${localPort}`], { encoding: "utf8" });
  const cookie = Number.parseInt(/ sk:([0-9a-f]+)/.exec(said)?.[1] ?? "", 16);
  return exampleConnection({ ...HERE, proto, localPort, cookie, netns: ownNetworkNamespace(), ...others });
}

async function serverOfTest(): Promise<Server> {
  const server = createServer((socket) => socket.on("error", () => undefined).resume());
  onTestFinished(() => void server.close());
  await once(server.listen(0, "127.0.0.1"), "listening");
  return server;
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

async function udpOfTest(port = 0): Promise<Socket> {
  const socket = createSocket("udp4");
  onTestFinished(() => void socket.close());
  await once(socket.bind(port, "127.0.0.1"), "listening");
  return socket;
}

/** The kernel takes a port that it has chosen itself away with the peer. */
async function freeUdpPort(): Promise<number> {
  const socket = createSocket("udp4");
  await once(socket.bind(0, "127.0.0.1"), "listening");
  const { port } = socket.address();
  socket.close();
  return port;
}

describe("closeConnection", () => {
  test.each(["netlink", "proc"] as const)(
    "closes a TCP connection on the rung %s; again it is gone",
    async (rung) => {
      const remotePort = portOf(await serverOfTest());
      const client = connect(remotePort, "127.0.0.1");
      await once(client, "connect");
      const row = rowOf("tcp", client.localPort ?? 0, { remotePort });
      const failed = once(client, "error");
      expect(closeConnection(row, rung)).toBe("closed");
      expect(await failed).toMatchObject([{ code: "ECONNABORTED" }]);
      expect(closeConnection(row, rung)).toBe("not closed: it is gone already");
    },
  );

  test("closes no other one that has the same ends by now", async () => {
    const remotePort = portOf(await serverOfTest());
    const client = connect(remotePort, "127.0.0.1");
    onTestFinished(() => void client.destroy());
    await once(client, "connect");
    const row = rowOf("tcp", client.localPort ?? 0, { remotePort });
    expect(closeConnection({ ...row, cookie: Number(row.cookie) + 1 }, "netlink")).toBe(
      "not closed: it is gone already",
    );
    expect(client.destroyed).toBe(false);
  });

  test("closes a listening socket", async () => {
    const port = portOf(await serverOfTest());
    const row = rowOf("tcp", port, { remoteAddr: "0.0.0.0", remotePort: 0, state: "LISTEN" });
    expect(closeConnection(row, "netlink")).toBe("closed");
    const client = connect(port, "127.0.0.1");
    expect(await once(client, "error")).toMatchObject([{ code: "ECONNREFUSED" }]);
  });

  test("disconnects a UDP socket, which stays open", async () => {
    const [peer, socket] = [await udpOfTest(), await udpOfTest(await freeUdpPort())];
    const [{ port: remotePort }, { port: localPort }] = [peer.address(), socket.address()];
    socket.connect(remotePort, "127.0.0.1");
    await once(socket, "connect");
    const failed = once(socket, "error");
    expect(closeConnection(rowOf("udp", localPort, { remotePort }), "netlink")).toBe(
      "disconnected: the socket stays open, without a peer",
    );
    expect(await failed).toMatchObject([{ code: "ECONNABORTED" }]);
    const left = execFileSync("ss", ["-Hane", "--udp", `sport = :${localPort}`], { encoding: "utf8" });
    expect(left).toMatch(new RegExp(`^UNCONN .* 127\\.0\\.0\\.1:${localPort} +0\\.0\\.0\\.0:\\*`));
  });

  test("says where there is no namespace to enter, and no socket to name", () => {
    const elsewhere = exampleConnection({ ...HERE, cookie: 1, netns: 1 });
    expect(closeConnection(elsewhere, "netlink")).toBe(
      "not closed: its network namespace can't be entered from here",
    );
    const peer = exampleConnection({ ...HERE, cookie: "1/2", proto: "udp" });
    expect(closeConnection(peer, "netlink")).toBe("not closed: it is one of many peers of a UDP socket");
  });
});
