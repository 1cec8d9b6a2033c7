import { expect, test } from "vitest";
import type { Connection } from "../../src/model/connection.js";
import type { Rung } from "../../src/model/rung.js";
import { endKey, judge, type PathVerdict } from "../../src/selftest/judge.js";
import type { EndpointTruth, TrafficTruth } from "../../src/selftest/truth.js";
import { exampleConnection } from "../model/example-connection.js";

const PID = 4711;
const END: EndpointTruth = {
  localAddr: "127.0.0.1",
  localPort: 1000,
  remoteAddr: "127.0.0.1",
  remotePort: 2000,
  txBytes: 500,
  rxBytes: 30,
};

function verdictOf(
  row: Partial<Connection> | null,
  {
    rung = "tracepoint",
    unavailable = null,
  }: { readonly rung?: Rung; readonly unavailable?: string | null } = {},
): PathVerdict | undefined {
  const endpoints = unavailable === null ? [END] : [];
  const truth: TrafficTruth = {
    pid: PID,
    netns: 1,
    shared: null,
    paths: [{ proto: "tcp", path: "send, recv", endpoints, unavailable }],
  };
  const seen = new Map<string, Connection>();
  if (row !== null) {
    const shown = exampleConnection({ ...END, proto: "tcp", pid: PID, ...row });
    seen.set(endKey("tcp", shown), shown);
  }
  return judge(rung, truth, seen)[0];
}

test("every byte and the owner", () => {
  expect(verdictOf({})).toMatchObject({
    outcome: "exact",
    owner: "right",
    passed: true,
    expectedBytes: 530,
    measuredBytes: 530,
  });
});

test("one byte too many is wrong, but where the rung says so of itself", () => {
  expect(verdictOf({ rxBytes: 31 })).toMatchObject({ outcome: "wrong", passed: false, measuredBytes: 531 });
  expect(verdictOf({ rxBytes: 31 }, { rung: "netlink" })).toMatchObject({
    outcome: "within 1 byte",
    passed: true,
  });
  expect(verdictOf({ rxBytes: 32 }, { rung: "netlink" })).toMatchObject({ outcome: "wrong", passed: false });
});

test("errors of both directions do not cancel out", () => {
  expect(verdictOf({ txBytes: 499, rxBytes: 31 })).toMatchObject({
    outcome: "wrong",
    passed: false,
    measuredBytes: 530,
  });
});

test("another process is the wrong owner; none is a failure where owners are known", () => {
  expect(verdictOf({ pid: PID + 1 })).toMatchObject({ owner: "wrong", passed: false });
  expect(verdictOf({ pid: null })).toMatchObject({ owner: "unknown", passed: false });
  expect(verdictOf({ pid: null }, { rung: "user" })).toMatchObject({ owner: "unknown", passed: true });
  expect(verdictOf({ pid: PID + 1 }, { rung: "user" })).toMatchObject({ owner: "wrong", passed: false });
});

test("no row: a failure, but for a rung that only looks now and then", () => {
  expect(verdictOf(null)).toMatchObject({ outcome: "not seen", measuredBytes: null, passed: false });
  expect(verdictOf(null, { rung: "proc" })).toMatchObject({ outcome: "not seen", passed: true });
});

test("a dash is no number", () => {
  expect(verdictOf({ txBytes: null, rxBytes: null })).toMatchObject({
    outcome: "not counted",
    measuredBytes: null,
  });
});

test("a path that the kernel does not have", () => {
  expect(verdictOf(null, { unavailable: "io_uring_setup: Operation not permitted" })).toMatchObject({
    outcome: "not available",
    owner: null,
    reason: "io_uring_setup: Operation not permitted",
    passed: true,
  });
});
