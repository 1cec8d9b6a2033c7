import { afterAll, beforeAll, expect, test } from "vitest";
import { expectClosedRow, expectClosedRows } from "../live/exactness.js";
import { trafficOfTest } from "../live/of-test.js";
import { START_NOTICES } from "../live/start-notices.js";
import { startTcptop, type Tcptop } from "../live/tcptop.js";

// What tcp-lifetimes.test.ts holds with more connections and variants than an emulated processor has the time for.

let tcptop: Tcptop;

beforeAll(async () => {
  tcptop = await startTcptop();
});

afterAll(async () => {
  expect(await tcptop.stop()).toEqual({ status: 0, stderr: START_NOTICES });
});

test("ending refused", async () => {
  const traffic = await trafficOfTest("ending", "refused");
  const { endpoints } = await traffic.waitFor("closed");
  expect(endpoints).toHaveLength(1);
  for (const end of endpoints)
    expect(await expectClosedRow(tcptop, end)).toMatchObject({ end_reason: "refused" });
});

test("short n=300", async () => {
  const traffic = await trafficOfTest("short", "short", { n: 300 });
  const { endpoints } = await traffic.waitFor("closed");
  expect(endpoints).toHaveLength(600);
  await expectClosedRows(tcptop, endpoints);
});
