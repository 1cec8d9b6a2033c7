import { expect, test } from "vitest";
import type { PathVerdict } from "../../src/selftest/judge.js";
import { isPassed, reportJson, reportText, type SelftestReport } from "../../src/selftest/report.js";

const EXACT: PathVerdict = {
  proto: "tcp",
  path: "send, recv",
  expectedBytes: 1000,
  measuredBytes: 1000,
  outcome: "exact",
  owner: "right",
  reason: null,
  passed: true,
};
const WRONG: PathVerdict = {
  ...EXACT,
  path: "sendfile",
  measuredBytes: 1001,
  outcome: "wrong",
  passed: false,
};
const ABSENT: PathVerdict = {
  ...EXACT,
  proto: "udp",
  path: "io_uring",
  expectedBytes: 0,
  measuredBytes: null,
  outcome: "not available",
  owner: null,
  reason: "io_uring_setup: \u001b[31mno",
};

function report(...verdicts: readonly PathVerdict[]): SelftestReport {
  return { rung: "fentry", kernel: "6.12.1", architecture: "x86_64", sharedNamespace: null, verdicts };
}

test("text", () => {
  expect(reportText(report(EXACT, WRONG, ABSENT))).toBe(`tcptop selftest: rung fentry, Linux 6.12.1, x86_64

PATH            EXPECTED  MEASURED     RATIO  OWNER
tcp send, recv      1000      1000  1.000000  right  exact
tcp sendfile        1000      1001  1.001000  right  FAILED: wrong
udp io_uring           -         -         -  -      not available: io_uring_setup: [31mno

1 exact, 1 wrong, 1 not available; 1 of 3 FAILED
`);
});

test("passed only when every path did", () => {
  expect(isPassed(report(EXACT, ABSENT))).toBe(true);
  expect(isPassed(report(EXACT, WRONG))).toBe(false);
  expect(reportText(report(EXACT, ABSENT))).toMatch(/passed\n$/);
});

test("where nothing was measured, that is said instead", () => {
  const uncounted: PathVerdict = { ...EXACT, measuredBytes: null, outcome: "not counted" };
  expect(reportText(report(uncounted, ABSENT))).toMatch(
    /\n1 not counted, 1 not available; no byte was measured, no owner was wrong\n$/,
  );
});

test("JSON", () => {
  expect(JSON.parse(reportJson(report(WRONG, ABSENT)))).toEqual({
    rung: "fentry",
    kernel: "6.12.1",
    architecture: "x86_64",
    shared_namespace: null,
    passed: false,
    paths: [
      {
        proto: "tcp",
        path: "sendfile",
        expected_bytes: 1000,
        measured_bytes: 1001,
        ratio: 1.001,
        outcome: "wrong",
        owner: "right",
        reason: null,
        passed: false,
      },
      {
        proto: "udp",
        path: "io_uring",
        expected_bytes: 0,
        measured_bytes: null,
        ratio: null,
        outcome: "not available",
        owner: null,
        reason: "io_uring_setup: \u001b[31mno",
        passed: true,
      },
    ],
  });
});
