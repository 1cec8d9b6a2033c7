import { expect, test } from "vitest";
import { FORCED_RUNG } from "../live/forced-rung.js";
import { expectClosedRowsByNetlink } from "../live/netlink-exactness.js";
import { tcptopOfTest, trafficOfTest } from "../live/of-test.js";

/** What a socket buffer holds of their ends: only root may ask for one that is larger. */
const CONNECTIONS = FORCED_RUNG === "user" ? 50 : 300;

test(`short n=${CONNECTIONS}`, async ({ annotate }) => {
  const tcptop = await tcptopOfTest();
  const traffic = await trafficOfTest("short", "short", { n: CONNECTIONS });
  const { endpoints } = await traffic.waitFor("closed");
  expect(endpoints).toHaveLength(2 * CONNECTIONS);
  await expectClosedRowsByNetlink(tcptop, endpoints);
  expect(tcptop.frames.at(-1)?.summary.missed_events).toBe(0);
  await annotate(
    `${CONNECTIONS} at once; rx_bytes may be off by 1 (the peer's FIN), and the process is not known`,
    "limit",
  );
});
