import { expect, test } from "vitest";
import { rowOf } from "../live/exactness.js";
import { tcptopOfTest, trafficOfTest } from "../live/of-test.js";

// For the rungs that see what is there when they look, and hear of nothing.

test("what lives shorter than a tick is not claimed; the next connection is seen", async ({ annotate }) => {
  const tcptop = await tcptopOfTest(["-d", "1"]);
  const short = await trafficOfTest("short", "short", { n: 100 });
  const { endpoints } = await short.waitFor("closed");
  await tcptop.nextFrame();
  const ports = new Set(endpoints.map(({ local_port }) => local_port));
  const rows = tcptop.closedRows().filter(({ local_port }) => ports.has(local_port));
  // One or two may have been there at the moment of a look: then without an end that the rung can't know.
  expect(rows.filter(({ end_reason, tx_bytes }) => end_reason !== "unknown" || tx_bytes !== null)).toEqual(
    [],
  );
  expect(rows.length).toBeLessThan(endpoints.length);
  const held = await trafficOfTest("plain", "send");
  const frame = await tcptop.nextFrame();
  for (const end of held.endpoints()) expect(rowOf(frame, { ...end, cookie: null })).toBeDefined();
  await annotate("what opens and closes between two looks is not seen", "lack");
});
