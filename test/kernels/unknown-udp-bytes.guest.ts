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

test.for(["sendto", "connected", "ipv6"])(
  "UDP bytes are unknown, never wrong: %s",
  async (caseName, { annotate }) => {
    const traffic = await udpTrafficOfTest(caseName);
    const { connections } = await tcptop.nextFrame();
    const ports = traffic.endpoints().map(({ local_port }) => local_port);
    const rows = connections.filter(({ proto, local_port }) => proto === "udp" && ports.includes(local_port));
    const told = rows.map(({ tx_bytes, rx_bytes, tx_rate, rx_rate }) => ({
      ...{ tx_bytes, rx_bytes, tx_rate, rx_rate },
    }));
    expect(told).toEqual(
      Array(rows.length).fill({ tx_bytes: null, rx_bytes: null, tx_rate: null, rx_rate: null }),
    );
    const shown = rows.length > 0 ? "UDP sockets are shown without bytes" : "no UDP sockets are shown";
    await annotate(START_NOTICES.replace(/^tcptop: /, "").trim() || shown, "lack");
  },
);
