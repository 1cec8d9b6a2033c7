import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { expectClosedRow, expectOpenRow, rowOf } from "./exactness.js";
import type { Netns } from "./netns.js";
import { netnsOfTest, trafficOfTest } from "./of-test.js";
import { printedMs, type SocketStatistics, socketStatistics } from "./socket-statistics.js";
import { startTcptop, type Tcptop } from "./tcptop.js";
import type { ConnectionLine } from "./tcptop-lines.js";
import type { Traffic, TrafficEndpoint } from "./traffic.js";

// Packets die, on their way in or before they leave: the bytes stay exact, and what the kernel knows of the path is
// what `ss` says of it.

let tcptop: Tcptop;

beforeAll(async () => {
  tcptop = await startTcptop();
});

afterAll(async () => {
  expect(await tcptop.stop()).toEqual({ status: 0, stderr: "" });
});

interface Loss {
  readonly hook: "input" | "output";
  /** Which packets: to the server's port, or from it. */
  readonly port: "dport" | "sport";
  /** The side whose packets die. */
  readonly sender: TrafficEndpoint["side"];
}

const LOSSES: readonly Loss[] = [
  { hook: "input", port: "dport", sender: "client" },
  { hook: "output", port: "dport", sender: "client" },
  { hook: "input", port: "sport", sender: "server" },
  { hook: "output", port: "sport", sender: "server" },
];

describe.each(LOSSES)("$hook drops what the $sender sends", ({ hook, port, sender }) => {
  test("exact at both ends, and as ss has it", async () => {
    const netns = netnsOfTest();
    const traffic = await moveThrough(netns, `type filter hook ${hook} priority 0; policy accept;`, port);
    expectLoss(traffic.endpoint(sender), hook);
    const open = new Map<TrafficEndpoint["side"], ConnectionLine>();
    for (const end of traffic.endpoints()) open.set(end.side, await rowBesideStatistics(netns, end));
    if (hook === "input") expect(open.get(sender)?.retrans).toBeGreaterThan(0);
    for (const end of await traffic.close()) {
      const row = await expectClosedRow(tcptop, end);
      expect(row.retrans).toBeGreaterThanOrEqual(open.get(end.side)?.retrans ?? Number.NaN);
      expect(row.retrans_bytes).toBeGreaterThanOrEqual(open.get(end.side)?.retrans_bytes ?? Number.NaN);
    }
  });
});

/**
 * The rule did what it should. A packet that dies on this host counts as sent each time, and as retransmitted never:
 * what was sent less what was retransmitted is then more than the payload.
 */
function expectLoss({ tcp_info, tx_bytes }: TrafficEndpoint, hook: Loss["hook"]): void {
  if (tcp_info === null) throw new Error("the end was not asked");
  expect(tcp_info.bytes_sent).toBeGreaterThan(tx_bytes);
  if (hook === "output") expect(tcp_info.bytes_sent - tcp_info.bytes_retrans).toBeGreaterThan(tx_bytes);
}

describe("on its way, and not answered yet", () => {
  test("a FIN is no byte, sent or waiting", async () => {
    const netns = netnsOfTest();
    const traffic = await trafficOfTest("plain", "send", {}, { netns: netns.name });
    const client = traffic.endpoint("client");
    netns.setRules(
      `table inet loss { chain drops { type filter hook input priority 0; tcp dport ${client.remote_port} drop; }; }`,
    );
    traffic.say("close");
    const frame = await tcptop.frameWhere((one) => rowOf(one, client)?.state === "FIN_WAIT1");
    expect(rowOf(frame, client)).toMatchObject({
      tx_bytes: client.tx_bytes,
      rx_bytes: client.rx_bytes,
      send_queue: 0,
      recv_queue: 0,
    });
    netns.setRules("");
    for (const end of (await traffic.waitFor("closed")).endpoints) await expectClosedRow(tcptop, end);
  });

  test("a SYN is neither, and has an owner", async () => {
    const netns = netnsOfTest();
    netns.setRules(
      "table inet loss { chain drops { type filter hook input priority 0; tcp flags syn drop; }; }",
    );
    const starting = trafficOfTest("plain", "send", {}, { netns: netns.name });
    const isOfIt = (row: ConnectionLine): boolean => row.netns_inode === netns.inode && !row.closed;
    const frame = await tcptop.frameWhere(({ connections }) => connections.some(isOfIt));
    netns.setRules("");
    const client = (await starting).endpoint("client");
    expect(frame.connections.filter(isOfIt)).toMatchObject([
      {
        id: client.cookie,
        state: "SYN_SENT",
        direction: "out",
        local_port: client.local_port,
        remote_port: client.remote_port,
        tx_bytes: 0,
        rx_bytes: 0,
        send_queue: 0,
        recv_queue: 0,
        pid: client.pid,
        comm: client.comm,
        owner_source: "connect",
        rtt_us: null,
      },
    ]);
  });
});

/** A connection on which every third packet of one direction died; the rule is gone, and all has arrived. */
async function moveThrough(netns: Netns, chain: string, port: Loss["port"]): Promise<Traffic> {
  const sizes = { bytes: 20_011, chunk: 997, reply_bytes: 20_021, reply_chunk: 1009 };
  const traffic = await trafficOfTest("plain", "bulk", sizes, { netns: netns.name });
  const { remote_port: serverPort } = traffic.endpoint("client");
  netns.setRules(
    `table inet loss { chain drops { ${chain} tcp ${port} ${serverPort} numgen inc mod 3 0 counter drop; }; }`,
  );
  await traffic.order("go");
  netns.setRules("");
  return traffic;
}

/** The row of an end at a moment at which nothing changes: `ss` says the same before and after. */
async function rowBesideStatistics(netns: Netns, end: TrafficEndpoint): Promise<ConnectionLine> {
  for (let attempt = 1; attempt <= 10; attempt++) {
    const before = socketStatistics(netns, end);
    const frame = await tcptop.nextFrame();
    const after = socketStatistics(netns, end);
    if (JSON.stringify(before) !== JSON.stringify(after)) continue;
    expectOpenRow(frame, end);
    const row = rowOf(frame, end);
    if (row === undefined) throw new Error("unreachable: expected above");
    expect(asStatistics(row)).toEqual(before);
    return row;
  }
  throw new Error("the connection did not come to rest");
}

function asStatistics(row: ConnectionLine): SocketStatistics {
  return {
    rttMs: printedMs(row.rtt_us),
    rttvarMs: printedMs(row.rttvar_us),
    minRttMs: printedMs(row.min_rtt_us),
    cwnd: row.cwnd ?? Number.NaN,
    bytesRetrans: row.retrans_bytes ?? Number.NaN,
    totalRetrans: row.retrans ?? Number.NaN,
    deliveryRateBitsPerSecond: 8 * (row.delivery_rate ?? Number.NaN),
  };
}
