import { describe, expect, test } from "vitest";
import { rowOf } from "./exactness.js";
import { connectNetns, type Netns } from "./netns.js";
import { netnsOfTest, tcptopOfTest, trafficOfTest } from "./of-test.js";
import type { Tcptop } from "./tcptop.js";
import type { ConnectionLine, FrameLines } from "./tcptop-lines.js";
import type { TrafficEndpoint } from "./traffic.js";
import { rowsOfSockets } from "./udp-exactness.js";
import { udpTrafficOfTest } from "./udp-traffic.js";

// The device that a socket is bound to, else the one that a connection receives by: by its name in the namespace of the
// connection, whose indexes are its own.

/** Nobody tells of a device that is renamed in another namespace: names are looked up again. */
const RENAMED_MS = 30_000;

interface Places {
  readonly inside: Netns;
  readonly outside: Netns;
  readonly args: Readonly<Record<string, string>>;
}

/** Two namespaces with a cable between them: `veth-first` is the client's end. */
function placesOfTest(): Places {
  const [inside, outside] = [netnsOfTest(), netnsOfTest()];
  const { secondAddr } = connectNetns(inside, outside);
  const args = { client_netns: inside.name, server_netns: outside.name, server_addr: secondAddr };
  return { inside, outside, args };
}

describe("TCP", () => {
  test("by a device, and by loopback: in the first frame of a tcptop that came later", async () => {
    const { inside, args } = placesOfTest();
    const cable = await trafficOfTest("plain", "twons", args);
    const loopback = await trafficOfTest("plain", "send", {}, { netns: inside.name });
    const frame = await (await tcptopOfTest()).firstSample();
    expect(
      cable
        .endpoints()
        .map(({ side }) => side)
        .sort(),
    ).toEqual(["client", "server"]);
    expect(deviceOf(frame, cable.endpoint("client"))).toBe("veth-first");
    expect(deviceOf(frame, cable.endpoint("server"))).toBe("veth-second");
    for (const end of loopback.endpoints()) expect(deviceOf(frame, end)).toBe("lo");
  });

  test("bound to a device, also in the row of its close", async () => {
    const tcptop = await tcptopOfTest();
    const { args } = placesOfTest();
    const traffic = await trafficOfTest("plain", "twons", { ...args, client_device: "veth-first" });
    const client = traffic.endpoint("client");
    expect(deviceOf(await tcptop.nextFrame(), client)).toBe("veth-first");
    await traffic.close();
    const closed = (): readonly ConnectionLine[] =>
      tcptop.closedRows().filter(({ id }) => id === client.cookie);
    await expect.poll(closed, { timeout: 10_000 }).toMatchObject([{ device: "veth-first" }]);
  });
});

describe("UDP", () => {
  test.each([{ connect: 0 }, { connect: 1 }])("bound to a device %o", async (more) => {
    const tcptop = await tcptopOfTest();
    const { args } = placesOfTest();
    const traffic = await udpTrafficOfTest("sendto", { ...args, ...more, client_device: "veth-first" });
    const [clients, servers] = [
      traffic.endpoints().filter(({ side }) => side === "client"),
      traffic.endpoints().filter(({ side }) => side === "server"),
    ];
    const frame = await tcptop.nextFrame();
    const devices = (ends: typeof clients, rows: readonly ConnectionLine[]): readonly (string | null)[] => [
      ...new Set(rowsOfSockets(rows, ends).map(({ device }) => device)),
    ];
    expect(devices(clients, frame.connections)).toEqual(["veth-first"]);
    // Not bound: that is not told of UDP.
    expect(devices(servers, frame.connections)).toEqual([null]);
    await traffic.close();
    await expect
      .poll(() => devices(clients, tcptop.closedRows()), { timeout: 10_000 })
      .toEqual(["veth-first"]);
  });
});

test("a device is renamed, and then removed", async () => {
  const { inside, args } = placesOfTest();
  const within = await tcptopOfTest([], ["ip", "netns", "exec", inside.name]);
  const without = await tcptopOfTest();
  const traffic = await trafficOfTest("plain", "twons", { ...args, client_device: "veth-first" });
  const client = traffic.endpoint("client");
  const isNamed = (name: string) => (frame: FrameLines) => deviceOf(frame, client) === name;
  const both = (name: string): Promise<unknown> =>
    Promise.all([within, without].map((tcptop: Tcptop) => tcptop.frameWhere(isNamed(name), RENAMED_MS)));
  await both("veth-first");
  // Until Linux 6.2 only devices that are down can be renamed.
  inside.run("ip", "link", "set", "veth-first", "down");
  inside.run("ip", "link", "set", "veth-first", "name", "wan0");
  await both("wan0");
  inside.run("ip", "link", "delete", "wan0");
  // What was known stays.
  expect(deviceOf(await within.nextFrame(), client)).toBe("wan0");
});

function deviceOf(frame: FrameLines, end: TrafficEndpoint): string | null | undefined {
  return rowOf(frame, end)?.device;
}
