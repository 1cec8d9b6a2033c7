import { afterAll, beforeAll, expect, test } from "vitest";
import { rowOf } from "../live/exactness.js";
import { trafficOfTest } from "../live/of-test.js";
import { START_NOTICES } from "../live/start-notices.js";
import { startTcptop, type Tcptop } from "../live/tcptop.js";
import type { TrafficArguments } from "../live/traffic.js";
import type { TrafficProgram } from "../traffic/build.js";

// For the rungs that know owners by who holds the file, and by nothing else.

let tcptop: Tcptop;

beforeAll(async () => {
  tcptop = await startTcptop();
});

afterAll(async () => {
  expect(await tcptop.stop()).toEqual({ status: 0, stderr: START_NOTICES });
});

const HELD: readonly (readonly [TrafficProgram, string, TrafficArguments])[] = [
  ["plain", "send", {}],
  ["plain", "ipv6", {}],
  ["workers", "workers4", {}],
  ["workers", "prefork", {}],
  ["handover", "scm", {}],
];

test.for(HELD)(
  "each open connection is of all who hold it: %s %s %o",
  async ([program, caseName, args], { annotate }) => {
    const traffic = await trafficOfTest(program, caseName, args);
    const told = async () => {
      const frame = await tcptop.nextFrame();
      return traffic.endpoints().map((end) => {
        // Not every rung has the sockets' names: by both ends alone.
        const { owners, owner_source } = rowOf(frame, { ...end, cookie: null }) ?? {};
        return { owners, owner_source };
      });
    };
    const truth = traffic.endpoints().map(({ owners }) => ({
      owners: [...owners].sort((a, b) => a - b),
      owner_source: "holder",
    }));
    // The search for holders may take longer than one sample has time.
    await expect.poll(told, { timeout: 20_000 }).toEqual(truth);
    await annotate("of open connections, as the processes that hold them", "limit");
  },
);
