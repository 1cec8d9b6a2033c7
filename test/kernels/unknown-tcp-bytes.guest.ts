import { afterAll, beforeAll, expect, test } from "vitest";
import { rowOf } from "../live/exactness.js";
import { trafficOfTest } from "../live/of-test.js";
import { START_NOTICES } from "../live/start-notices.js";
import { startTcptop, type Tcptop } from "../live/tcptop.js";

// For the rungs that see TCP connections, but not what they move.

let tcptop: Tcptop;

beforeAll(async () => {
  tcptop = await startTcptop();
});

afterAll(async () => {
  expect(await tcptop.stop()).toEqual({ status: 0, stderr: START_NOTICES });
});

test.for(["send", "ipv6", "v4mapped"])(
  "TCP bytes are unknown, never wrong: %s",
  async (caseName, { annotate }) => {
    const traffic = await trafficOfTest("plain", caseName);
    const frame = await tcptop.nextFrame();
    for (const end of traffic.endpoints()) {
      // The rung has no names of sockets: by both ends alone.
      expect(rowOf(frame, { ...end, cookie: null })).toMatchObject({
        ...{ state: end.state, recv_queue: end.unread_bytes },
        ...{ tx_bytes: null, rx_bytes: null, tx_rate: null, rx_rate: null, retrans: null, rtt_us: null },
      });
    }
    await annotate("the rung has no TCP bytes: they are null", "lack");
  },
);
