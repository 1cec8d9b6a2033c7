import { execFileSync, spawn } from "node:child_process";
import { chownSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { namesOf, readPrivileges, setOf } from "../../src/linux/capabilities.js";
import { type Capability, capabilitiesOf } from "../../src/model/privileges.js";
import type { Rung } from "../../src/model/rung.js";
import { PseudoTerminal } from "../terminal/pseudo-terminal.js";
import { asNobody, serverOfTest } from "./as-nobody.js";
import { bpfIdsOf } from "./bpf-left.js";
import type { Netns } from "./netns.js";
import { leavesNothingOfTest, netnsOfTest, tcptopOfTest, trafficOfTest } from "./of-test.js";
import { type Ended, runProgram } from "./run-program.js";
import { TCPTOP } from "./tcptop.js";
import { type FrameLines, FrameReader } from "./tcptop-lines.js";

// What tcptop gives away at its start, and what is lost with each capability that it was never given.

/** As setpriv writes them. */
function only(...capabilities: readonly Capability[]): readonly string[] {
  const sets = capabilities.map((name) => `,+${name.replace("CAP_", "").toLowerCase()}`).join("");
  return [`--bounding-set=-all${sets}`, "--inh-caps=-all"];
}

function without(rung: Rung, ...missing: readonly Capability[]): readonly string[] {
  return only(...capabilitiesOf(rung).filter((name) => !missing.includes(name)));
}

/** One line for each thread that is not as the others. */
function privilegesOfThreads(pid: number): readonly string[] {
  const found = readdirSync(`/proc/${pid}/task`).map((thread) => {
    const status = readFileSync(`/proc/${pid}/task/${thread}/status`, "utf8");
    const { permitted, effective, bounding, inheritable, ambient, hasNoNewPrivileges } =
      readPrivileges(status);
    const all = permitted | effective | bounding | inheritable | ambient;
    return `${namesOf(all).join()} of which ${namesOf(effective).join()} ${hasNoNewPrivileges}`;
  });
  return [...new Set(found)];
}

/** As far as this machine has them to give. */
function expected(rung: Rung, allowKill = false): readonly string[] {
  const names = namesOf(setOf(capabilitiesOf(rung, allowKill)) & readPrivileges().permitted).join();
  return [`${names} of which ${names} true`];
}

describe("after the start every thread has what the rung needs, and nothing else", () => {
  test.each<readonly [Rung, readonly string[]]>([
    ["tracepoint", []],
    ["tracepoint", ["--rung", "tracepoint"]],
    ["tracepoint", ["--debug"]],
    ["netlink", ["--rung", "netlink"]],
    ["user", ["--rung", "user"]],
    ["proc", ["--rung", "proc"]],
    // Without keys nothing is closed.
    ["user", ["--rung", "user", "--allow-kill"]],
  ])("%s: %j", async (rung, args) => {
    leavesNothingOfTest();
    const tcptop = await tcptopOfTest(args);
    expect((await tcptop.firstSample()).summary.rung).toBe(rung);
    expect(readdirSync(`/proc/${tcptop.pid}/task`).length).toBeGreaterThan(1);
    expect(privilegesOfThreads(tcptop.pid)).toEqual(expected(rung));
    expect(await tcptop.stop()).toEqual({ status: 0, stderr: "" });
  });
});

/** tcptop in a terminal, started in a folder; it has shown its table. */
async function liveViewOfTest(
  folder: string,
  args: readonly string[],
): Promise<{ readonly pid: number; readonly terminal: PseudoTerminal }> {
  const command = ["sh", "-c", 'cd "$1" && shift && exec "$0" "$@"', TCPTOP, folder, ...args];
  const env = { XDG_CONFIG_HOME: folder, TMPDIR: "", TERM: "xterm-256color", LANG: "C.UTF-8" };
  const terminal = new PseudoTerminal(command, { size: { columns: 160, rows: 24 }, env });
  onTestFinished(() => terminal.end());
  const pid = /^pid (\d+)$/.exec(await terminal.state((state) => state.startsWith("pid ")))?.[1];
  await terminal.until(() => terminal.lines.some((line) => line.includes("TX/s")));
  return { pid: Number(pid), terminal };
}

describe("in the live view", () => {
  test.each(["user", "proc", "tracepoint"] as const)("--allow-kill keeps what K needs: %s", async (rung) => {
    const traffic = await trafficOfTest("plain", "send");
    const { pid, local_port } = traffic.endpoint("client");
    const args = ["--rung", rung, "--allow-kill", "-d", "0.2", "-p", `${pid}`];
    const live = await liveViewOfTest(tmpdir(), args);
    const shows = (text: string) => live.terminal.until(() => live.terminal.lines.join("\n").includes(text));
    expect(privilegesOfThreads(live.pid)).toEqual(expected(rung, true));
    await shows(`:${local_port}`);
    live.terminal.type("K");
    await live.terminal.until(() => live.terminal.lines.at(-1)?.includes("y closes") === true);
    live.terminal.type("y");
    await live.terminal.until(() => live.terminal.lines.at(-1)?.trim() === "closed");
    await expect
      .poll(() => execFileSync("ss", ["-Htn", `sport = :${local_port}`], { encoding: "utf8" }))
      .toBe("");
  });

  test("S in another user's folder writes to that for temporary files, and says where", async () => {
    const folder = mkdtempSync(join(tmpdir(), "tcptop-others-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    chownSync(folder, 65534, 65534);
    const { terminal } = await liveViewOfTest(folder, ["-d", "0.2"]);
    terminal.type("S");
    const saved = () => /rows written to (\/tmp\/tcptop-\S+\.ndjson)/.exec(terminal.lines.at(-1) ?? "")?.[1];
    await terminal.until(() => saved() !== undefined);
    const path = saved() ?? "";
    onTestFinished(() => rmSync(path));
    expect(statSync(path)).toMatchObject({ uid: 0, mode: 0o100600 });
    expect(readFileSync(path, "utf8")).toContain('"type":"summary"');
    expect(readdirSync(folder)).toEqual([]);
  });
});

test("when the automatic choice falls, what only better rungs need goes too; one line, one process", async () => {
  const command = ["--mount", "sh", "-c", WITHOUT_LIBBPF, TCPTOP, "-o", "ndjson", "-d", "0.2"];
  const child = spawn("unshare", command, {
    stdio: ["ignore", "pipe", "pipe"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  let stdout = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  await expect.poll(() => stdout.includes('"rung":'), { timeout: 20_000 }).toBe(true);
  const rung = framesOf(stdout)[0]?.summary.rung as Rung;
  expect(["netlink", "proc"]).toContain(rung);
  const lines = privilegesOfThreads(child.pid ?? 0);
  expect(lines).toHaveLength(1);
  // The bounding set can't be lowered a second time; no_new_privs makes it void.
  expect(lines[0]?.split(" of which ")[1]).toBe(expected(rung)[0]?.split(" of which ")[1]);
  expect(stderr).toMatch(/^tcptop: using rung [^\n]+libbpf[^\n]+\n$/);
});

/** In a mount namespace of its own an empty file hides libbpf; then `$0` with all other arguments. */
const WITHOUT_LIBBPF = `
for file in /usr/lib/*/libbpf.so.1 /usr/lib64/libbpf.so.1; do
  [ ! -f "$file" ] || mount --bind /dev/null "$(readlink -f "$file")" || exit
done
exec "$0" "$@"`;

describe("the second start is not seen", () => {
  test("exit status, output, arguments and environment are the same", async () => {
    const quiet = await runProgram(TCPTOP, ["-n", "1", "-o", "ndjson"]);
    expect(quiet).toMatchObject({ status: 0, stderr: "" });
    expect(quiet.stdout.match(/"type":"summary"/g)).toHaveLength(1);
    const wrong = await runProgram(TCPTOP, ["-s", "ü\u00a0"]);
    expect(wrong).toMatchObject({ status: 2, stdout: "" });
    expect(wrong.stderr).toContain("-s ü");
  });

  test("the process keeps its number and its descriptors, and what it starts has no mark of it", async () => {
    const tcptop = await tcptopOfTest();
    expect(bpfIdsOf(tcptop.pid)).not.toEqual([]);
    expect(readFileSync(`/proc/${tcptop.pid}/cmdline`, "utf8")).toMatch(/main\.js\0-o\0ndjson\0-d\0/);
    expect(readlinkSync(`/proc/${tcptop.pid}/fd/1`)).toMatch(/^(pipe|socket):/);
  });

  test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)("%s ends it with 0", async (signal) => {
    const tcptop = await tcptopOfTest();
    expect(await tcptop.stop(signal)).toEqual({ status: 0, stderr: "" });
  });

  test("a mark that somebody else left does no harm", async () => {
    for (const mark of ["automatic", "tracepoint", "nonsense"]) {
      const env = { TCPTOP_REDUCED_FOR: mark };
      const ended = await runProgram(TCPTOP, ["-n", "1", "-o", "ndjson"], { env });
      expect(ended).toMatchObject({ status: 0, stderr: "" });
    }
  });
});

describe("started with less", () => {
  test("with what the table lists, it takes the same rung and sees every namespace and owner", async () => {
    const { rows, rung, stderr } = await look(only(...capabilitiesOf("tracepoint")));
    expect({ rung, stderr }).toEqual({ rung: "tracepoint", stderr: "" });
    expect(rows).toMatchObject({ held: { tx_bytes: expect.any(Number), pid: expect.any(Number) } });
    expect(rows.orphans).not.toEqual([]);
    expect(rows.udpPeers).not.toEqual([]);
  });

  test("without CAP_SYS_ADMIN it lacks older sockets of other namespaces that nobody holds", async () => {
    const { rows, rung, stderr } = await look(without("tracepoint", "CAP_SYS_ADMIN"));
    expect({ rung, stderr }).toEqual({ rung: "tracepoint", stderr: NO_OLDER_SOCKETS });
    expect(rows).toMatchObject({ held: { tx_bytes: expect.any(Number), pid: expect.any(Number) } });
    expect(rows.orphans).toEqual([]);
    expect(rows.udpPeers).not.toEqual([]);
  });

  test("without CAP_NET_ADMIN it lacks UDP's bytes and peers, and says so", async () => {
    const { rows, rung, stderr } = await look(without("tracepoint", "CAP_SYS_ADMIN", "CAP_NET_ADMIN"));
    expect(rung).toBe("tracepoint");
    expect(stderr).toMatch(
      /^tcptop: using rung tracepoint: UDP sockets are shown without [^\n]+CAP_NET_ADMIN\n/,
    );
    expect(stderr.slice(stderr.indexOf("\n") + 1)).toBe(NO_OLDER_SOCKETS);
    expect(rows).toMatchObject({ held: { tx_bytes: expect.any(Number) } });
    expect(rows.udpPeers).toEqual([]);
  });

  test.each(["CAP_BPF", "CAP_PERFMON"] as const)("without %s there is no eBPF", async (capability) => {
    const { rung, stderr } = await look(without("tracepoint", "CAP_SYS_ADMIN", capability));
    expect(rung).not.toBe("tracepoint");
    expect(stderr).toMatch(/^tcptop: using rung [^\n]+; run tcptop as root, or with CAP_BPF[^\n]+\n$/);
  });

  test("CAP_SYS_ADMIN stands for the three that are about eBPF", async () => {
    const { rung, stderr } = await look(only("CAP_SYS_ADMIN", "CAP_SYS_PTRACE", "CAP_DAC_READ_SEARCH"));
    expect({ rung, stderr }).toEqual({ rung: "tracepoint", stderr: "" });
  });

  test("without CAP_SYS_PTRACE namespaces that have no name are neither named nor entered, and it says so", async () => {
    const unnamed = await namespaceWithoutName();
    const all = await lookAt(unnamed, only(...capabilitiesOf("tracepoint")));
    expect(all).toMatchObject({ rung: "tracepoint", stderr: "" });
    expect(all.rows.orphans).not.toEqual([]);
    const { rung, stderr, rows } = await lookAt(unnamed, without("tracepoint", "CAP_SYS_PTRACE"));
    expect({ rung, stderr }).toEqual({ rung: "tracepoint", stderr: NO_UNNAMED });
    expect(rows.orphans).toEqual([]);
    expect(rows.held).toMatchObject({ tx_bytes: expect.any(Number), pid: expect.any(Number) });
  });

  test("netlink: without CAP_SYS_ADMIN it is not to be had", async () => {
    const ended = await once("netlink", without("netlink", "CAP_SYS_ADMIN"));
    expect({ status: ended.status, wrote: ended.stdout.length }).toEqual({ status: 3, wrote: 0 });
    expect(ended.stderr).toMatch(/^tcptop: not privileged to [^\n]+CAP_SYS_ADMIN and CAP_SYS_PTRACE\n$/);
  });

  test("netlink: without CAP_SYS_PTRACE it lacks namespaces without a name, and owners, and says so", async () => {
    const unnamed = await namespaceWithoutName();
    const all = await lookAt(unnamed, only(...capabilitiesOf("netlink")), BY_NETLINK);
    expect(all).toMatchObject({ rung: "netlink", stderr: "", rows: { held: { pid: expect.any(Number) } } });
    expect(await lookAt(unnamed, without("netlink", "CAP_SYS_PTRACE"), BY_NETLINK)).toEqual({
      ...{ rung: "netlink", stderr: NO_OTHERS },
      rows: { held: undefined, orphans: [], udpPeers: [] },
    });
    const named = await look(without("netlink", "CAP_SYS_PTRACE"), BY_NETLINK);
    expect(named).toMatchObject({ rung: "netlink", stderr: NO_OTHERS, rows: { held: undefined } });
    expect(named.rows.orphans).not.toEqual([]);
  });

  test("netlink: without CAP_NET_ADMIN all is shown, with the buffer that an ordinary user has", async () => {
    const { rung, stderr, rows } = await look(without("netlink", "CAP_NET_ADMIN"), BY_NETLINK);
    expect({ rung, stderr }).toEqual({ rung: "netlink", stderr: "" });
    expect(rows.held).toMatchObject({ tx_bytes: expect.any(Number), pid: expect.any(Number) });
    expect(rows.orphans).not.toEqual([]);
  });

  test.each(["netlink", "user", "proc"] as const)(
    "%s: without CAP_DAC_READ_SEARCH other users' processes are unknown as owners",
    async (rung) => {
      const server = await serverOfTest("setpriv", asNobody());
      const ownerWith = async (...missing: readonly Capability[]) => {
        const { stdout, stderr, status } = await once(rung, without(rung, ...missing), ["--listening"]);
        expect(status).toBe(0);
        const rows = framesOf(stdout).at(-1)?.connections ?? [];
        return { pid: rows.find(({ local_port }) => local_port === server.port)?.pid, stderr };
      };
      expect(await ownerWith()).toEqual({ pid: server.pid, stderr: "" });
      const said = rung === "netlink" ? NO_OTHER_USERS : "";
      expect(await ownerWith("CAP_DAC_READ_SEARCH")).toEqual({ pid: null, stderr: said });
      if (rung !== "netlink") expect((await ownerWith("CAP_SYS_PTRACE")).pid).toBeNull();
    },
  );

  test("an ordinary user has nothing to give away but new privileges", async () => {
    const user = ["--reuid=65534", "--regid=65534", "--clear-groups", ...readsCheckout()];
    const ended = await runProgram("setpriv", [...user, TCPTOP, "-n", "1", "-o", "ndjson"]);
    expect(ended.status).toBe(0);
    expect(ended.stderr).toMatch(/^tcptop: using rung [^\n]+\n$/);
  });
});

const OLDER =
  "in other network namespaces, sockets that are older than tcptop and held by no process are missing";
const NO_OLDER_SOCKETS = `tcptop: without CAP_SYS_ADMIN: ${OLDER}\n`;
const NO_UNNAMED =
  "tcptop: without CAP_SYS_PTRACE: network namespaces without a name in /run/netns are neither named nor entered\n";
/** A search for holders may not be done within the time that a busy machine has for the first samples. */
const BY_NETLINK = ["--rung", "netlink", "-n", "6"];
const NO_OTHERS =
  "tcptop: without CAP_SYS_PTRACE: processes that have what tcptop has not are unknown as owners, and network namespaces without a name in /run/netns are not entered\n";
const NO_OTHER_USERS =
  "tcptop: without CAP_DAC_READ_SEARCH: processes of other users are unknown as owners\n";

/** One frame of a rung that is forced. */
function once(rung: Rung, privileges: readonly string[], args: readonly string[] = []): Promise<Ended> {
  const words = ["-n", "2", "-d", "0.5", "-o", "ndjson", "--rung", rung, ...args];
  return runProgram("setpriv", [...privileges, TCPTOP, ...words]);
}

/** Enough to read this checkout, wherever it is, and nothing else. */
function readsCheckout(): readonly string[] {
  return ["inh-caps", "ambient-caps", "bounding-set"].map((set) => `--${set}=-all,+dac_read_search`);
}

interface Seen {
  readonly rung: string;
  readonly stderr: string;
  readonly rows: {
    /** A connection that a process holds, in another namespace. */
    readonly held: FrameLines["connections"][number] | undefined;
    /** Connections there that wait to be accepted: nobody holds them. */
    readonly orphans: readonly unknown[];
    readonly udpPeers: readonly unknown[];
  };
}

/** With connections in it, whose processes keep it. */
async function namespaceWithoutName(): Promise<Netns> {
  const netns = netnsOfTest();
  await trafficOfTest("plain", "send", {}, { netns: netns.name });
  await trafficOfTest("queued", "queued", { n: 3 }, { netns: netns.name });
  netns.remove();
  return netns;
}

/** Starts tcptop with these privileges, beside connections in a namespace of their own, and looks at its second frame. */
async function look(privileges: readonly string[], more: readonly string[] = []): Promise<Seen> {
  const netns = netnsOfTest();
  await trafficOfTest("plain", "send", {}, { netns: netns.name });
  await trafficOfTest("queued", "queued", { n: 3 }, { netns: netns.name });
  const sender = spawn("nsenter", [`--net=/run/netns/${netns.name}`, "node", "-e", DATAGRAMS], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void sender.kill("SIGKILL"));
  await new Promise((resolve) => sender.stdout.once("data", resolve));
  return lookAt(netns, privileges, more);
}

async function lookAt(
  netns: Netns,
  privileges: readonly string[],
  more: readonly string[] = [],
): Promise<Seen> {
  const args = [...privileges, TCPTOP, "-n", "2", "-d", "0.5", "-o", "ndjson", ...more];
  const ended = await runProgram("setpriv", args);
  expect(ended.status).toBe(0);
  const frame = framesOf(ended.stdout).at(-1);
  const here = (frame?.connections ?? []).filter((row) => row.netns_inode === netns.inode);
  return {
    rung: frame?.summary.rung ?? "",
    stderr: ended.stderr,
    rows: {
      held: here.find((row) => row.proto === "tcp" && row.pid !== null && (row.tx_bytes ?? 0) > 0),
      orphans: here.filter(
        (row) => row.proto === "tcp" && row.owner_source === null && row.remote_addr !== null,
      ),
      udpPeers: here.filter((row) => row.proto === "udp" && row.remote_port !== null),
    },
  };
}

const DATAGRAMS = `
const { createSocket } = require("node:dgram");
const receiver = createSocket("udp4").bind(0, "127.0.0.1", () => {
  const sender = createSocket("udp4");
  setInterval(() => sender.send("hello", receiver.address().port, "127.0.0.1"), 20);
});
receiver.once("message", () => console.log("ready"));
`;

function framesOf(stdout: string): readonly FrameLines[] {
  const reader = new FrameReader();
  const whole = stdout.slice(0, stdout.lastIndexOf("\n"));
  return whole
    .split("\n")
    .map((line) => reader.take(line))
    .filter((frame) => frame !== null);
}
