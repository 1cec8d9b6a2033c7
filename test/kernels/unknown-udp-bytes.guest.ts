import { afterAll, beforeAll, expect, test } from "vitest";
import { START_NOTICES } from "../live/start-notices.js";
import { startTcptop, type Tcptop } from "../live/tcptop.js";
import { udpTrafficOfTest } from "../live/udp-traffic.js";

// For the rungs that don't count datagrams.

let tcptop: Tcptop;

beforeAll(async () => {
  tcptop = await startTcptop();
});

afterAll(async () => {
  expect(await tcptop.stop()).toEqual({ status: 0, stderr: START_NOTICES });
});

// Connected, since others are listed with what listens.
test.for(["connected", "ipv6", "v4mapped"])(
  "UDP bytes are unknown, never wrong: %s",
  async (caseName, { annotate }) => {
    const traffic = await udpTrafficOfTest(caseName, { connect: 1 });
    const ports = traffic.endpoints().map(({ local_port }) => local_port);
    const { connections } = await tcptop.nextFrame();
    const rows = connections.filter(({ proto, local_port }) => proto === "udp" && ports.includes(local_port));
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows) {
      expect(row).toMatchObject({ tx_bytes: null, rx_bytes: null, tx_rate: null, rx_rate: null });
    }
    await annotate(reason(), "lack");
  },
);

/** What it said at its start, where it did. */
function reason(): string {
  const notice = START_NOTICES.replace(/^tcptop: using rung \w+: /, "").trim();
  return notice === "" ? "UDP sockets are shown without bytes" : notice;
}
