import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Limit } from "../../src/model/limits.js";
import type { Rung } from "../../src/model/rung.js";
import { distanceOfTest } from "./distance.js";
import { rowOf } from "./exactness.js";
import { FORCED_RUNG } from "./forced-rung.js";
import type { Netns } from "./netns.js";
import { netnsOfTest, trafficOfTest } from "./of-test.js";
import { startTcptop, type Tcptop } from "./tcptop.js";
import type { FrameLines } from "./tcptop-lines.js";
import type { TrafficArguments } from "./traffic.js";
import type { TrafficEndpoint } from "./traffic-events.js";

// Connections that are slow on purpose, each for one reason: the word for it is told, and hardly any other.

const DELAY_MS = 20;
/** Of so many frames in a row that many must have the word: the machine, too, can be what is slow. */
const FRAMES = 10;
const MOST_FRAMES = 8;

const RUNGS_TO_TEST: readonly (Rung | null)[] = FORCED_RUNG === null ? [null, "netlink"] : [FORCED_RUNG];

describe.each(RUNGS_TO_TEST)("rung %s", (rung) => {
  let tcptop: Tcptop;

  beforeAll(async () => {
    tcptop = await startTcptop(["-d", "0.5", ...(rung === null ? [] : ["--rung", rung])]);
  });

  afterAll(async () => {
    expect(await tcptop.stop()).toMatchObject({ status: 0 });
  });

  /** What each side was said to be limited by, in frames of which the client's word is `word` in most. */
  async function wordsOnceClientIs(word: Limit | null, ends: readonly TrafficEndpoint[]) {
    const words: Record<TrafficEndpoint["side"], (string | null)[]> = { client: [], server: [] };
    const mostHaveIt = (frame: FrameLines): boolean => {
      for (const end of ends) {
        const row = rowOf(frame, end);
        if (row !== undefined) words[end.side].push(row.limited_by);
      }
      const last = words.client.slice(-FRAMES);
      return last.filter((one) => one === word).length >= MOST_FRAMES;
    };
    await tcptop.frameWhere(mostHaveIt).catch((error: unknown) => {
      throw new Error(`not ${word} in most frames but ${words.client.map(String).join(" ")}`, {
        cause: error,
      });
    });
    return { client: words.client.slice(-FRAMES), server: words.server.slice(-FRAMES) };
  }

  /** A connection that pushes through a long cable; `prepare` sees the namespaces before there is one. */
  async function pushedFarAway(args: TrafficArguments, prepare: (from: Netns, to: Netns) => void = () => {}) {
    const [from, to] = [netnsOfTest(), netnsOfTest()];
    const { secondAddr } = await distanceOfTest(from, to, DELAY_MS);
    // The one algorithm that every kernel has, whatever this one's default is.
    from.run("sysctl", "-q", "-w", "net.ipv4.tcp_congestion_control=reno");
    prepare(from, to);
    const places = { client_netns: from.name, server_netns: to.name, server_addr: secondAddr };
    const traffic = await trafficOfTest("steady", "push", { ...args, ...places });
    return { ends: traffic.endpoints(), to };
  }

  async function endsNearby(caseName: string, args: TrafficArguments = {}) {
    const traffic = await trafficOfTest("steady", caseName, args, { netns: netnsOfTest().name });
    return traffic.endpoints();
  }

  test("nothing moves: idle at both ends", async () => {
    const words = await wordsOnceClientIs("idle", await endsNearby("rest"));
    expect(words.server).not.toContain("application");
    expect(words.server.at(-1)).toBe("idle");
  });

  test("a reader that does not read: the receiver's window here, the reader there", async () => {
    const words = await wordsOnceClientIs("receiver-window", await endsNearby("push", { reads: 0 }));
    expect(words.server.at(-1)).toBe("reader");
  });

  test("1 kB each 50 ms: the application here, nothing there", async () => {
    const words = await wordsOnceClientIs(
      "application",
      await endsNearby("push", { chunk: 1000, every_ms: 50 }),
    );
    expect(new Set(words.server)).toEqual(new Set([null]));
  });

  test("1 kB each 50 ms, far away: something is on its way most of the time, and it is the application still", async () => {
    const { ends } = await pushedFarAway({ chunk: 1000, every_ms: 50 });
    await wordsOnceClientIs("application", ends);
  });

  test("a small send buffer, far away, as far as is told that the application waits", async () => {
    const { ends } = await pushedFarAway({ sndbuf: 8192, chunk: 1000, nodelay: 1 });
    await wordsOnceClientIs(rung === "netlink" || rung === "user" ? null : "send-buffer", ends);
  });

  test("a small congestion window, far away", async () => {
    const { ends } = await pushedFarAway({}, (from) => {
      const route = ["192.0.2.0/24", "dev", "distance", "src", "192.0.2.1", "cwnd", "lock", "20"];
      from.run("ip", "route", "replace", ...route);
    });
    await wordsOnceClientIs("congestion-window", ends);
  });

  test("every fifth packet dies, far away", async () => {
    const { ends } = await pushedFarAway({}, (_, to) => {
      to.setRules(dropping("meta length > 500 numgen random mod 5 0"));
    });
    await wordsOnceClientIs("lossy", ends);
  });

  test("nothing arrives any more, far away", async () => {
    const { ends, to } = await pushedFarAway({ chunk: 1000, every_ms: 50 });
    to.setRules(dropping("meta l4proto tcp"));
    await wordsOnceClientIs("lossy", ends);
  });
});

/** Rules that drop what comes in, if it is so. */
function dropping(what: string): string {
  return `table inet loss { chain drops { type filter hook input priority 0; ${what} drop; }; }`;
}
