import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { TrafficProgram } from "../traffic/build.js";
import {
  closedRowsOf,
  expectClosedRow,
  expectClosedRows,
  expectEachClosedOnce,
  expectOpenRow,
  NO_OWNER,
  rowOf,
} from "./exactness.js";
import { tcptopOfTest, trafficOfTest } from "./of-test.js";
import { isRunning } from "./processes.js";
import { START_NOTICES } from "./start-notices.js";
import { startTcptop, type Tcptop } from "./tcptop.js";
import type { FrameLines } from "./tcptop-lines.js";
import type { Traffic, TrafficArguments, TrafficEndpoint } from "./traffic.js";

// Births and ends: connections that fail, follow one another on one socket, are too short or too old to be seen live.

let tcptop: Tcptop;

beforeAll(async () => {
  tcptop = await startTcptop();
});

afterAll(async () => {
  expect(await tcptop.stop()).toEqual({ status: 0, stderr: START_NOTICES });
});

test("a refused connection is one closed row of the process that tried", async () => {
  const traffic = await trafficOfTest("ending", "refused");
  const [end, ...more] = (await traffic.waitFor("closed")).endpoints;
  if (end === undefined) throw new Error("the generator told no end");
  expect(more).toEqual([]);
  expect(await expectClosedRow(tcptop, end)).toMatchObject({
    tx_bytes: 0,
    rx_bytes: 0,
    end_reason: "refused",
    owners: [end.pid],
    owner_source: "connect",
    state: "SYN_SENT",
  });
  await expectEachClosedOnce(tcptop, [end]);
});

describe("one socket, several connections", () => {
  const VARIANTS: readonly (readonly [TrafficArguments, readonly string[]])[] = [
    [{}, ["reset", "reset", "fin"]],
    [{ refused: 1, end: "fin" }, ["refused", "fin", "fin", "fin"]],
  ];

  test.each(VARIANTS)("within one frame: %o", async (args, reasons) => {
    const traffic = await trafficOfTest("reuse", "reuse", args);
    const ends = await traffic.close();
    await expectEachClosedOnce(tcptop, ends);
    const clients = ends.filter(({ side }) => side === "client");
    const cookie = clients[0]?.cookie ?? "";
    const rows = clients.map((end) => closedRowsOf(tcptop, end)[0]);
    expect(rows.map((row) => row?.id)).toEqual(
      reasons.map((_, index) => (index === 0 ? cookie : `${cookie}.${index}`)),
    );
    expect(rows.map((row) => row?.end_reason)).toEqual(reasons);
    expect(rows.map((row) => row?.owner_source)).toEqual(reasons.map(() => "connect"));
  });

  test.each(VARIANTS)("each seen while it is open: %o", async (args) => {
    const traffic = await trafficOfTest("reuse", "reuse", { ...args, hold: 1 });
    for (let connection = 1; connection <= 3; connection++) {
      const frame = await tcptop.nextFrame();
      const [client, server] = [lastOf(traffic, "client"), lastOf(traffic, "server")];
      expectOpenRow(frame, client);
      expectOpenRow(frame, server);
      const sameSocket = frame.connections.filter(({ id }) => id.split(".")[0] === client.cookie);
      expect(sameSocket.filter(({ closed }) => !closed)).toHaveLength(1);
      if (connection < 3) await traffic.order("next");
    }
    await expectEachClosedOnce(tcptop, await traffic.close());
  });
});

function lastOf(traffic: Traffic, side: TrafficEndpoint["side"]): TrafficEndpoint {
  const end = traffic.endpoints().findLast((candidate) => candidate.side === side);
  if (end === undefined) throw new Error(`no end on the ${side}'s side`);
  return end;
}

describe("shorter than a tick", () => {
  test.each([{ n: 2000 }, { n: 2000, parallel: 3 }])("2,000 connections: %o", async (args) => {
    const traffic = await trafficOfTest("short", "short", args);
    const { endpoints } = await traffic.waitFor("closed");
    expect(endpoints).toHaveLength(4000);
    await expectClosedRows(tcptop, endpoints);
    const rows = tcptop.closedRows();
    const sources = (side: TrafficEndpoint["side"]) => {
      const ids = new Set(endpoints.filter((end) => end.side === side).map(({ cookie }) => cookie));
      return new Set(rows.filter(({ id }) => ids.has(id)).map((row) => row.owner_source));
    };
    expect(sources("client")).toEqual(new Set(["connect"]));
    expect(sources("server")).toEqual(new Set(["io"]));
  });

  test("they do live under a millisecond", async () => {
    const traffic = await trafficOfTest("short", "short", { n: 2000 });
    const { connections, overAMillisecond } = await traffic.waitFor("lasted");
    expect(connections).toBe(2000);
    expect(overAMillisecond).toBeLessThan(connections / 10);
  });

  test("processes that are gone before the tick keep their names", async () => {
    const slow = await tcptopOfTest(["-d", "2"]);
    const [ends, ticks] = await betweenTicks(slow);
    expect(ticks).toBe(0);
    expect(ends).toHaveLength(60);
    expect(ends.map(({ pid }) => pid).filter(isRunning)).toEqual([]);
    await expectClosedRows(slow, ends);
  });
});

/** 30 connections whose processes are gone when it returns, and how many ticks fell into that time: one try more if any. */
async function betweenTicks(slow: Tcptop): Promise<readonly [readonly TrafficEndpoint[], number]> {
  const attempt = async (): Promise<readonly [readonly TrafficEndpoint[], number]> => {
    await slow.frameWhere(() => true);
    const before = slow.frames.length;
    const traffic = await trafficOfTest("short", "short", { n: 30, parallel: 3 });
    const { endpoints } = await traffic.waitFor("closed");
    await traffic.end();
    return [endpoints, slow.frames.length - before];
  };
  const first = await attempt();
  return first[1] === 0 ? first : attempt();
}

describe("older than tcptop", () => {
  const OLD: readonly (readonly [TrafficProgram, string])[] = [
    ["plain", "old"],
    ["plain", "ipv6"],
    ["plain", "v4mapped"],
    ["workers", "workers4"],
    ["ending", "halfclose"],
    ["mptcp", "mptcp"],
    ["uring", "io_uring"],
  ];

  test.each(OLD)("complete in the first frame: %s %s", async (program, caseName) => {
    const traffic = await trafficOfTest(program, caseName);
    const frame = await (await tcptopOfTest()).firstSample();
    for (const end of traffic.endpoints()) {
      expectOpenRow(frame, end);
      expect(rowOf(frame, end)).toMatchObject({ ...NOT_KNOWN_YET, owner_source: "holder" });
    }
  });

  test("complete but for who owns it, where no file table has it: io_uring's direct descriptors", async () => {
    const traffic = await trafficOfTest("uring", "io_uring", { mode: "direct" });
    const frame = await (await tcptopOfTest()).firstSample();
    for (const end of traffic.endpoints()) {
      const { tx_bytes, rx_bytes, direction } = end;
      expect(rowOf(frame, end)).toMatchObject({
        tx_bytes,
        rx_bytes,
        direction,
        ...NOT_KNOWN_YET,
        ...NO_OWNER,
      });
    }
  });

  test("exact from there on, with right rates", async () => {
    const traffic = await trafficOfTest("plain", "old", { more: 700_001, more_reply: 300_007 });
    const young = await tcptopOfTest(["-d", "1"]);
    const before = await young.nextFrame();
    expect(rowOf(before, traffic.endpoint("client"))).toMatchObject({ tx_rate: 0, rx_rate: 0 });
    const shown = young.frames.indexOf(before);
    await traffic.order("more");
    const after = await young.nextFrame();
    for (const end of traffic.endpoints()) {
      expectOpenRow(after, end);
      expectRates(young.frames.slice(shown), end);
    }
    for (const end of await traffic.close()) {
      expect(await expectClosedRow(young, end)).toMatchObject({ age_ms: null });
    }
  });
});

/** Of a connection that is older than tcptop, in the first frame. */
const NOT_KNOWN_YET = { age_ms: null, tx_rate: null, rx_rate: null };

/** In each frame the rates over the interval are the bytes that moved since the frame before. */
function expectRates(frames: readonly FrameLines[], end: TrafficEndpoint): void {
  for (const [index, frame] of frames.entries()) {
    const last = index === 0 ? undefined : frames[index - 1];
    const [from, to] = [last && rowOf(last, end), rowOf(frame, end)];
    if (from === undefined || to === undefined) continue;
    const seconds = (frame.summary.interval_ms ?? Number.NaN) / 1000;
    expectClose((to.tx_rate ?? Number.NaN) * seconds, (to.tx_bytes ?? 0) - (from.tx_bytes ?? 0));
    expectClose((to.rx_rate ?? Number.NaN) * seconds, (to.rx_bytes ?? 0) - (from.rx_bytes ?? 0));
  }
  expect(frames.some((frame) => (rowOf(frame, end)?.tx_rate ?? 0) > 0)).toBe(true);
}

/** A row is read at its own moment of the sample, the interval is the sample's: a few ms of a second. */
function expectClose(actual: number, bytes: number): void {
  expect(actual).toBeGreaterThanOrEqual(bytes * 0.95);
  expect(actual).toBeLessThanOrEqual(bytes * 1.05);
}
