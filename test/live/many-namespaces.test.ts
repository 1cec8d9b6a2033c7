import { readdirSync, readFileSync } from "node:fs";
import { expect, onTestFinished, test } from "vitest";
import { expectClosedRows, expectOpenRow } from "./exactness.js";
import type { Fields } from "./json-fields.js";
import { netnsOfTest, tcptopOfTest } from "./of-test.js";
import type { Tcptop } from "./tcptop.js";
import type { FrameLines } from "./tcptop-lines.js";
import { startTrafficOf, type Traffic, type TrafficEndpoint } from "./traffic.js";
import { parseTcpEndpoint } from "./traffic-events.js";
import { expectClosedUdpRows, expectOpenUdpRows } from "./udp-exactness.js";
import { parseUdpEndpoint, type UdpEndpoint } from "./udp-traffic.js";

const NAMESPACES = 500;
const NAMED = 5;
const CHURNED = 50;
/** A connection and a conversation, two ends each. */
const ENDS = 4;
const CLOCK_TICKS_PER_MS = 0.1;

type End = TrafficEndpoint | UdpEndpoint;

async function namespacesOfTest(): Promise<Traffic<End>> {
  const names = Array.from({ length: NAMED }, () => netnsOfTest().name);
  const args = { n: NAMESPACES, names: names.join(","), churn: CHURNED, timeout: 120 };
  const traffic = await startTrafficOf(BOTH_PROTOCOLS, "namespaces", "hold", args);
  onTestFinished(traffic.end);
  return traffic;
}

const BOTH_PROTOCOLS = {
  parse: (fields: Fields): End =>
    fields["proto"] === "udp" ? parseUdpEndpoint(fields) : parseTcpEndpoint(fields),
  key: (end: End): string => `${end.side} ${end.cookie}`,
};

test("500 with traffic, 50 that come and go: every connection exact, no descriptor left", async ({
  annotate,
}) => {
  const tcptop = await tcptopOfTest();
  const descriptors = descriptorsOf(tcptop);
  const { cost: idleCost } = await measured(tcptop);
  const traffic = await namespacesOfTest();
  expect(traffic.endpoints()).toHaveLength(ENDS * NAMESPACES);
  expect(new Set(traffic.endpoints().map(({ netns }) => netns)).size).toBe(NAMESPACES);
  const { frame, cost } = await measured(tcptop);
  expectOpenRows(frame, traffic.endpoints());
  await annotate(`a tick takes ${cost} of CPU with ${NAMESPACES} namespaces, ${idleCost} before`);

  await traffic.order("churn");
  const ends = await traffic.close();
  expect(ends).toHaveLength(ENDS * (NAMESPACES + CHURNED));
  await expectClosedRows(tcptop, ends.filter(isTcp));
  await expectClosedUdpRows(tcptop, ends.filter(isUdp));
  await expect.poll(() => descriptorsOf(tcptop), { timeout: 10_000 }).toBeLessThanOrEqual(descriptors);
  expect(await tcptop.stop()).toEqual({ status: 0, stderr: "" });
});

test("500 that are older than tcptop: every connection with its totals, no descriptor left", async () => {
  const traffic = await namespacesOfTest();
  const tcptop = await tcptopOfTest();
  expectOpenTcpRows(await tcptop.nextFrame(), traffic.endpoints());
  const descriptors = descriptorsOf(tcptop);
  const ends = await traffic.close();
  await expectClosedRows(tcptop, ends.filter(isTcp));
  await expect.poll(() => descriptorsOf(tcptop), { timeout: 10_000 }).toBeLessThanOrEqual(descriptors);
});

function isTcp(end: End): end is TrafficEndpoint {
  return "holder_cookie" in end;
}

function isUdp(end: End): end is UdpEndpoint {
  return !isTcp(end);
}

function expectOpenRows(frame: FrameLines, ends: readonly End[]): void {
  expectOpenTcpRows(frame, ends);
  expectOpenUdpRows(frame, ends.filter(isUdp));
}

function expectOpenTcpRows(frame: FrameLines, ends: readonly End[]): void {
  const ids = new Set(ends.map(({ cookie }) => cookie));
  const ofTest = { ...frame, connections: frame.connections.filter(({ id }) => ids.has(id)) };
  for (const end of ends.filter(isTcp)) expectOpenRow(ofTest, end);
}

function descriptorsOf({ pid }: Tcptop): number {
  return readdirSync(`/proc/${pid}/fd`).length;
}

/** The frame after some ticks, and what CPU a tick took on average. */
async function measured(tcptop: Tcptop): Promise<{ readonly frame: FrameLines; readonly cost: string }> {
  await tcptop.nextFrame();
  const [frames, ms] = [tcptop.frames.length, cpuMsOf(tcptop)];
  let frame = await tcptop.nextFrame();
  while (tcptop.frames.length < frames + 10) frame = await tcptop.nextFrame();
  return { frame, cost: `${((cpuMsOf(tcptop) - ms) / (tcptop.frames.length - frames)).toFixed(1)} ms` };
}

/** User and system time of all its threads (proc(5): the 14th and 15th field, in hundredths of a second). */
function cpuMsOf({ pid }: Tcptop): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "latin1")
    .replace(/^.*\) /, "")
    .split(" ");
  return (Number(fields[11]) + Number(fields[12])) / CLOCK_TICKS_PER_MS;
}
