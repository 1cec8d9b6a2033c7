import { afterAll, beforeAll, expect, test } from "vitest";
import { expectClosedRow, expectEachClosedOnce, expectOpenRow, rowOf } from "./exactness.js";
import { trafficOfTest } from "./of-test.js";
import { START_NOTICES } from "./start-notices.js";
import { startTcptop, type Tcptop } from "./tcptop.js";

// Who owns a connection, and how that is known.

let tcptop: Tcptop;

beforeAll(async () => {
  tcptop = await startTcptop();
});

afterAll(async () => {
  expect(await tcptop.stop()).toEqual({ status: 0, stderr: START_NOTICES });
});

test("prefork: each worker what it accepted", async () => {
  const traffic = await trafficOfTest("workers", "prefork");
  const frame = await tcptop.nextFrame();
  const servers = traffic.endpoints().filter(({ side }) => side === "server");
  expect(new Set(servers.map((end) => rowOf(frame, end)?.pid)).size).toBe(4);
  for (const end of servers) {
    expectOpenRow(frame, end);
    expect(rowOf(frame, end)).toMatchObject({ comm: "tt-worker", owner_source: "holder" });
  }
  await expectEachClosedOnce(tcptop, await traffic.close());
});

test("four workers that inherited it: all of them, and one stands for all", async () => {
  const traffic = await trafficOfTest("workers", "workers4");
  const end = traffic.endpoint("client");
  const row = rowOf(await tcptop.nextFrame(), end);
  expect(end.owners).toHaveLength(5);
  expect(row?.owners).toEqual([...end.owners].sort((a, b) => a - b));
  expect(row).toMatchObject({ pid: end.pid, comm: "tt-client", owner_source: "connect" });
  await expectEachClosedOnce(tcptop, await traffic.close());
});

test.each([{ quiet: 0 }, { quiet: 1 }])("passed by SCM_RIGHTS: who has it now; %o", async (args) => {
  const traffic = await trafficOfTest("handover", "scm", args);
  const end = traffic.endpoint("client");
  expect(rowOf(await tcptop.nextFrame(), end)).toMatchObject({
    pid: end.pid,
    comm: "tt-receiver",
    owners: [end.pid],
    owner_source: "holder",
  });
  await expectEachClosedOnce(tcptop, await traffic.close());
});

test("how it is known: connect, holder, io", async () => {
  const traffic = await trafficOfTest("plain", "send");
  const frame = await tcptop.nextFrame();
  const [client, server] = [traffic.endpoint("client"), traffic.endpoint("server")];
  expect(rowOf(frame, client)).toMatchObject({ owner_source: "connect" });
  expect(rowOf(frame, server)).toMatchObject({ owner_source: "holder" });
  await traffic.close();
  expect(await expectClosedRow(tcptop, client)).toMatchObject({ owner_source: "connect" });
  expect(await expectClosedRow(tcptop, server)).toMatchObject({ owner_source: "io" });
});
