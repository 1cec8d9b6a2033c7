import { describe, expect, test } from "vitest";
import { asNobody, serverOfTest } from "./as-nobody.js";
import { NO_OWNER, rowOf } from "./exactness.js";
import { expectClosedRowsByNetlink } from "./netlink-exactness.js";
import { netnsOfTest, tcptopOfTest, trafficOfTest } from "./of-test.js";
import { runProgram } from "./run-program.js";
import { TCPTOP } from "./tcptop.js";
import { framesOf } from "./tcptop-lines.js";

// The rung of an ordinary user: the same counters, for one's own network namespace, and owners for one's own processes.

const USER = ["--rung", "user"];
const LACKS = "using rung user: no owners of other users' sockets, no other network namespaces, ";
const AS_NOBODY = ["setpriv", ...asNobody()];

describe("where eBPF can't be had", () => {
  test.each<readonly [string, readonly string[]]>([
    ["root without capabilities", ["--bounding-set=-all", "--inh-caps=-all"]],
    ["an ordinary user", asNobody()],
  ])("%s: one line on stderr that says why and what is missing, and the connections", async (_, how) => {
    const ended = await runProgram("setpriv", [...how, TCPTOP, "-n", "1", "-o", "ndjson"]);
    expect(ended.status).toBe(0);
    expect(ended.stderr).toMatch(
      /^tcptop: [^\n]+privileged[^\n]+\); run tcptop as root, or with CAP_BPF[^\n]+\n$/,
    );
    expect(ended.stderr).toContain(LACKS);
    expect(framesOf(ended.stdout)).toMatchObject([{ summary: { rung: "user" } }]);
  });

  test("--rung user says nothing", async () => {
    const ended = await runProgram("setpriv", [...asNobody(), TCPTOP, "-n", "1", ...USER]);
    expect(ended).toMatchObject({ status: 0, stderr: "" });
  });
});

describe("as nobody", () => {
  test("other users' connections are exact, without an owner", async () => {
    const traffic = await trafficOfTest("plain", "send");
    const tcptop = await tcptopOfTest(USER, AS_NOBODY);
    const frame = await tcptop.nextFrame();
    for (const end of traffic.endpoints()) {
      const { tx_bytes, rx_bytes, direction } = end;
      expect(rowOf(frame, end)).toMatchObject({ tx_bytes, rx_bytes, direction, ...NO_OWNER });
    }
    expect(await tcptop.stop()).toEqual({ status: 0, stderr: "" });
  });

  test("connections shorter than a tick are all told", async () => {
    const tcptop = await tcptopOfTest(USER, AS_NOBODY);
    const traffic = await trafficOfTest("short", "short", { n: 100 });
    const { endpoints } = await traffic.waitFor("closed");
    expect(endpoints).toHaveLength(200);
    await expectClosedRowsByNetlink(tcptop, endpoints);
    expect(tcptop.frames.at(-1)?.summary.missed_events).toBe(0);
  });

  test("owners of one's own, and none of others'", async () => {
    const [own, root] = [await serverOfTest("setpriv", asNobody()), await serverOfTest("env", [])];
    const tcptop = await tcptopOfTest([...USER, "--listening"], AS_NOBODY);
    const look = async () => {
      const { connections } = await tcptop.nextFrame();
      return [own, root].map(({ port }) => connections.find((row) => row.local_port === port));
    };
    await expect
      .poll(look, { timeout: 40_000 })
      .toMatchObject([{ pid: own.pid, owners: [own.pid], owner_source: "holder" }, NO_OWNER]);
  });

  test("other network namespaces are not entered", async () => {
    const { name, inode } = netnsOfTest();
    await trafficOfTest("plain", "send", {}, { netns: name });
    const tcptop = await tcptopOfTest(USER, AS_NOBODY);
    const { connections } = await tcptop.nextFrame();
    expect(connections.filter((row) => row.netns_inode === inode)).toEqual([]);
  });
});
