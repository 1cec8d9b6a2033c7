import { describe, expect, test } from "vitest";
import { asNobody, serverOfTest } from "./as-nobody.js";
import type { Netns } from "./netns.js";
import { netnsOfTest, tcptopOfTest, trafficOfTest } from "./of-test.js";
import { runProgram } from "./run-program.js";
import { TCPTOP } from "./tcptop.js";
import { type ConnectionLine, type FrameLines, framesOf } from "./tcptop-lines.js";
import { udpTrafficOfTest } from "./udp-traffic.js";

// The rung of last resort: /proc alone.

const PROC = ["--rung", "proc"];

describe("the same as ss", () => {
  test("connections, states, queues and owners of two namespaces", async () => {
    const namespaces = [netnsOfTest(), netnsOfTest()];
    for (const { name: netns } of namespaces) {
      for (const each of ["send", "ipv6", "v4mapped"]) await trafficOfTest("plain", each, {}, { netns });
      await trafficOfTest("queued", "queued", { n: 3 }, { netns });
      await trafficOfTest("queued", "queued", { half: 1 }, { netns });
      for (const each of ["workers4", "prefork"]) await trafficOfTest("workers", each, {}, { netns });
    }
    const tcptop = await tcptopOfTest(PROC);
    const listening = await tcptopOfTest([...PROC, "--listening"]);
    const rows = async () => {
      const frames = [await tcptop.nextFrame(), await listening.nextFrame()];
      return frames.flatMap(({ connections }) => connections);
    };
    for (const netns of namespaces) {
      const expected = linesOfSs(netns);
      expect(expected.length).toBeGreaterThan(12);
      // On a host with very many descriptors the owners are not in the first samples.
      const lines = async () => (await rows()).filter(isIn(netns)).map(lineOfRow).toSorted();
      await expect.poll(lines, { timeout: 20_000 }).toEqual(expected);
    }
    for (const each of [tcptop, listening]) expect(await each.stop()).toEqual({ status: 0, stderr: "" });
  });

  test("what it can't know is null in every row", async () => {
    const netns = netnsOfTest();
    await trafficOfTest("plain", "send", {}, { netns: netns.name });
    const tcptop = await tcptopOfTest(PROC);
    const rowsOf = ({ connections }: FrameLines) => connections.filter(isIn(netns));
    const rows = rowsOf(await tcptop.frameWhere((frame) => rowsOf(frame).every(({ pid }) => pid !== null)));
    expect(rows).toHaveLength(2);
    for (const row of rows) {
      expect(row).toMatchObject({
        ...{ tx_bytes: null, rx_bytes: null, tx_rate: null, rx_rate: null, rtt_us: null, min_rtt_us: null },
        ...{ retrans: null, retrans_bytes: null, cwnd: null, delivery_rate: null, age_ms: null },
        owner_source: "holder",
      });
    }
  });

  test("the connections of a program that ends have one closed row each", async () => {
    const netns = netnsOfTest();
    const traffic = await trafficOfTest("plain", "send", {}, { netns: netns.name });
    const tcptop = await tcptopOfTest(PROC);
    const ids = tcptop.frames[0]?.connections.filter(isIn(netns)).map(({ id }) => id);
    expect(ids).toHaveLength(2);
    await traffic.close();
    const closed = () => tcptop.closedRows().filter(isIn(netns));
    await expect.poll(() => closed().length, { timeout: 10_000 }).toBe(2);
    await tcptop.nextFrame();
    expect(closed().map(({ id, end_reason }) => ({ id, end_reason }))).toEqual(
      expect.arrayContaining((ids ?? []).map((id) => ({ id, end_reason: "unknown" }))),
    );
    expect(closed()).toHaveLength(2);
  });
});

test("UDP sockets, with their owners and drops, without bytes", async () => {
  const netns = netnsOfTest();
  const traffic = await udpTrafficOfTest("slow", {}, { netns: netns.name });
  const ends = traffic.endpoints();
  const [connected, listening] = [await tcptopOfTest(PROC), await tcptopOfTest([...PROC, "--listening"])];
  const rows = async () => {
    const frames = [await connected.nextFrame(), await listening.nextFrame()];
    return frames.flatMap(({ connections }) => connections.filter(isIn(netns)));
  };
  const told = async () =>
    (await rows()).map((row) => `${row.local_port} ${row.drops} ${row.pid}`).toSorted();
  const truth = [...new Set(ends.map((end) => `${end.local_port} ${end.drops} ${end.pid}`))];
  await expect.poll(told, { timeout: 20_000 }).toEqual(truth.toSorted());
  expect(Math.max(...ends.map(({ drops }) => drops))).toBeGreaterThan(0);
  for (const row of await rows()) expect(row).toMatchObject({ proto: "udp", tx_bytes: null, rx_bytes: null });
  await traffic.close();
  const closed = () => [...connected.closedRows(), ...listening.closedRows()].filter(isIn(netns));
  await expect.poll(() => closed().length, { timeout: 10_000 }).toBeGreaterThan(0);
});

test("--rung proc says nothing, and --rung tracepoint does not give way", async () => {
  const drop = ["--bounding-set=-all", "--inh-caps=-all", TCPTOP, "-n", "1", "--rung"];
  expect(await runProgram("setpriv", [...drop, "proc"])).toMatchObject({ status: 0, stderr: "" });
  const forced = await runProgram("setpriv", [...drop, "tracepoint"]);
  expect(forced).toMatchObject({ status: 3, stdout: "" });
  expect(forced.stderr).toMatch(/^tcptop: [^\n]+; run tcptop as root[^\n]+\n$/);
});

test("an ordinary user sees all connections of his namespace, and owners for his own only", async () => {
  const [own, root] = [await serverOfTest("setpriv", asNobody()), await serverOfTest("env", [])];
  // On a host with very many descriptors the owners are not in the first sample.
  const args = ["-n", "3", "-o", "ndjson", ...PROC, "--listening"];
  const look = async () => {
    const ended = await runProgram("setpriv", [...asNobody(), TCPTOP, ...args]);
    expect(ended).toMatchObject({ status: 0, stderr: "" });
    const rows = framesOf(ended.stdout).at(-1)?.connections ?? [];
    return [own, root].map(({ port }) => rows.find((row) => row.local_port === port));
  };
  await expect.poll(look, { timeout: 40_000 }).toMatchObject([
    { pid: own.pid, owners: [own.pid], owner_source: "holder" },
    { pid: null, comm: null, owners: null, owner_source: null },
  ]);
});

test("processes that come and go while they are looked at disturb nothing", async () => {
  const tcptop = await tcptopOfTest([...PROC, "-d", "0.1"]);
  let isEnough = false;
  const churn = async () => {
    const loop = "for i in 1 2 3 4 5 6 7 8 9 10; do sleep 0.01 & done; wait";
    for (let round = 0; !isEnough || round < 20; round++) await runProgram("sh", ["-c", loop]);
  };
  const churning = churn();
  for (let frames = 0; frames < 5; frames++) await tcptop.nextFrame();
  isEnough = true;
  await churning;
  expect(await tcptop.stop()).toEqual({ status: 0, stderr: "" });
});

function isIn(netns: Netns): (row: ConnectionLine) => boolean {
  return (row) => row.netns === netns.name || row.netns === String(netns.inode);
}

function lineOfRow(row: ConnectionLine): string {
  const listens = row.state === "LISTEN";
  const queues = listens ? [row.accept_queue] : [row.recv_queue, row.send_queue];
  const remote = listens ? "" : ` ${endpoint(row.remote_addr ?? "", row.remote_port ?? 0)}`;
  const owners = (row.owners ?? []).join();
  return `${row.state} ${queues.join()} ${endpoint(row.local_addr, row.local_port)}${remote} ${owners}`;
}

function endpoint(address: string, port: number): string {
  return `${address}:${port}`;
}

const STATES: Readonly<Record<string, string>> = {
  ESTAB: "ESTABLISHED",
  "CLOSE-WAIT": "CLOSE_WAIT",
  "FIN-WAIT-1": "FIN_WAIT1",
  "FIN-WAIT-2": "FIN_WAIT2",
  LISTEN: "LISTEN",
};

/** What `ss -tan` says of a namespace, in the same words; without what remains of closed connections. */
function linesOfSs(netns: Netns): readonly string[] {
  const printed = netns.run("ss", "-HtanpO", "exclude", "time-wait").trimEnd().split("\n");
  return printed
    .map((line) => {
      const [state = "", recvQueue = "", sendQueue = "", local = "", remote = ""] = line.split(/\s+/);
      const listens = state === "LISTEN";
      const pids = [...line.matchAll(/pid=(\d+)/g)].map(([, pid]) => Number(pid));
      const owners = [...new Set(pids)].sort((a, b) => a - b).join();
      // `ss` counts the peer's FIN until it is read.
      const fin = state === "CLOSE-WAIT" && recvQueue !== "0" ? 1 : 0;
      const queues = listens ? recvQueue : `${Number(recvQueue) - fin},${sendQueue}`;
      return `${STATES[state] ?? state} ${queues} ${bare(local)}${listens ? "" : ` ${bare(remote)}`} ${owners}`;
    })
    .toSorted();
}

function bare(end: string): string {
  return end.replace(/^\[(?:::ffff:)?(.*)\]/, "$1");
}
