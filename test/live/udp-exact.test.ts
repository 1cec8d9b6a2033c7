import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { tcptopOfTest } from "./of-test.js";
import { isPossibleHere } from "./possible-here.js";
import { startTcptop, type Tcptop } from "./tcptop.js";
import type { ConnectionLine } from "./tcptop-lines.js";
import type { TrafficArguments } from "./traffic.js";
import { expectClosedUdpRows, expectOpenUdpRows, rowsOfSockets } from "./udp-exactness.js";
import { type UdpEndpoint, udpTrafficOfTest } from "./udp-traffic.js";

// Every flow of both ends, to the byte, with the right owner: while its socket is open, and in its last row.

describe("seen from the beginning", () => {
  let tcptop: Tcptop;

  beforeAll(async () => {
    tcptop = await startTcptop();
  });

  afterAll(async () => {
    expect(await tcptop.stop()).toEqual({ status: 0, stderr: "" });
  });

  const CASES: readonly (readonly [string, TrafficArguments])[] = [
    ["sendto", {}],
    ["connected", {}],
    ["ipv6", {}],
    ["ipv6", { connect: 1 }],
    ["v4mapped", {}],
    ["v4mapped", { connect: 1 }],
    ["reconnect", {}],
    ["sendmmsg", {}],
    ["gso", {}],
    ["gso", { gro: 0 }],
    ["gso", { connect: 0 }],
    ["io_uring", {}],
    ["io_uring", { connect: 1 }],
    ["io_uring", { mode: "sqpoll" }],
    ["corked", {}],
    ["errqueue", {}],
    ["sendfile", {}],
    ["slow", {}],
    ["peek", {}],
    ["trunc", {}],
    ["unnamed", {}],
    ["threads", {}],
    ["fork", {}],
    ["quic", {}],
    ["resolver", {}],
    ["one-shot", {}],
  ];

  test.each(CASES.filter(([caseName, args]) => isPossibleHere(caseName, args)))(
    "%s %o",
    async (caseName, args) => {
      const traffic = await udpTrafficOfTest(caseName, args);
      const frame = await tcptop.nextFrame();
      expectOpenUdpRows(frame, openOf(traffic.endpoints()));
      await expectClosedUdpRows(tcptop, await traffic.close());
    },
  );

  test("more on the same sockets", async () => {
    const traffic = await udpTrafficOfTest("sendto");
    expectOpenUdpRows(await tcptop.nextFrame(), traffic.endpoints());
    await traffic.order("more");
    expectOpenUdpRows(await tcptop.nextFrame(), traffic.endpoints());
    await expectClosedUdpRows(tcptop, await traffic.close());
  });
});

/** Those whose sockets were open when they were told. */
function openOf(ends: readonly UdpEndpoint[]): readonly UdpEndpoint[] {
  return ends.filter(({ end_reason }) => end_reason === null);
}

test("sockets older than tcptop: what they moved since it first saw them", async () => {
  const traffic = await udpTrafficOfTest("connected");
  const [client, server] = [traffic.endpoint("client"), traffic.endpoint("server")];
  const tcptop = await tcptopOfTest();
  await traffic.order("more");
  const since = [
    movedSince(client, traffic.endpoint("client")),
    movedSince(server, traffic.endpoint("server")),
  ];
  expect(since).toMatchObject([{ tx_bytes: 1065 }, { rx_bytes: 1065 }]);
  expectOpenUdpRows(await tcptop.nextFrame(), since);
});

function movedSince(before: UdpEndpoint, now: UdpEndpoint): UdpEndpoint {
  return { ...now, tx_bytes: now.tx_bytes - before.tx_bytes, rx_bytes: now.rx_bytes - before.rx_bytes };
}

test("--udp-timeout: an idle flow ends once, and is another when it moves again", async () => {
  const tcptop = await tcptopOfTest(["--udp-timeout", "2"]);
  const traffic = await udpTrafficOfTest("sendto");
  const ends = traffic.endpoints();
  await expectClosedUdpRows(tcptop, ends, "idle");
  const ids = idsOf(rowsOfSockets(tcptop.closedRows(), ends));
  const quiet = await tcptop.nextFrame();
  expect(rowsOfSockets(quiet.connections, ends)).toEqual([]);
  await traffic.order("more");
  const rows = rowsOfSockets((await tcptop.nextFrame()).connections, ends);
  expect(rows).toHaveLength(ends.length);
  expect(idsOf(rows).filter((id) => ids.includes(id))).toEqual([]);
});

function idsOf(rows: readonly ConnectionLine[]): readonly string[] {
  return rows.map(({ id }) => id);
}
