import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { describe, expect, onTestFinished, test } from "vitest";
import type { Netns } from "./netns.js";
import { netnsOfTest, tcptopOfTest, trafficOfTest } from "./of-test.js";
import { runProgram } from "./run-program.js";
import { TCPTOP } from "./tcptop.js";
import { type ConnectionLine, type FrameLines, FrameReader } from "./tcptop-lines.js";

// The rung of last resort: /proc alone.

const PROC = ["--rung", "proc"];
const LACKS = "using rung proc: no bytes, RTT or retransmits, and no UDP (";

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

describe("where eBPF can't be had", () => {
  test.each<readonly [string, readonly string[], RegExp]>([
    ["root without capabilities", ["--bounding-set=-all", "--inh-caps=-all"], /privileged/],
    ["an ordinary user", asNobody(), /privileged/],
  ])("%s: one line on stderr that says why and what is missing, and the connections", async (_, how, why) => {
    const { status, stdout, stderr } = await runProgram("setpriv", [
      ...how,
      TCPTOP,
      "-n",
      "1",
      "-o",
      "ndjson",
    ]);
    expect(status).toBe(0);
    expect(stderr).toMatch(/^tcptop: [^\n]+\); run tcptop as root, or with CAP_BPF[^\n]+\n$/);
    expect(stderr).toMatch(why);
    expect(stderr).toContain(LACKS);
    expect(framesOf(stdout)).toMatchObject([{ summary: { rung: "proc" } }]);
  });

  test("--rung proc says nothing, and --rung tracepoint does not give way", async () => {
    const drop = ["--bounding-set=-all", "--inh-caps=-all", TCPTOP, "-n", "1", "--rung"];
    expect(await runProgram("setpriv", [...drop, "proc"])).toMatchObject({ status: 0, stderr: "" });
    const forced = await runProgram("setpriv", [...drop, "tracepoint"]);
    expect(forced).toMatchObject({ status: 3, stdout: "" });
    expect(forced.stderr).toMatch(/^tcptop: [^\n]+; run tcptop as root[^\n]+\n$/);
  });
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

/** Enough to read this checkout, wherever it is: not to look at other users' processes. */
function asNobody(): readonly string[] {
  const sets = ["inh-caps", "ambient-caps", "bounding-set"].map((set) => `--${set}=-all,+dac_read_search`);
  return ["--reuid=65534", "--regid=65534", "--clear-groups", ...sets];
}

/** A process that listens until the test is over. */
async function serverOfTest(
  command: string,
  args: readonly string[],
): Promise<{ readonly pid: number; readonly port: number }> {
  const listen = `require("net").createServer().listen(0, "127.0.0.1", function () {
    console.log(process.pid + " " + this.address().port);
  })`;
  const child = spawn(command, [...args, process.execPath, "-e", listen], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const [pid, port] = line.split(" ").map(Number);
    if (pid !== undefined && port !== undefined) return { pid, port };
  }
  throw new Error(`${command} did not listen`);
}

function framesOf(stdout: string) {
  const reader = new FrameReader();
  const frames = stdout
    .trimEnd()
    .split("\n")
    .map((line) => reader.take(line));
  return frames.filter((frame) => frame !== null);
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
