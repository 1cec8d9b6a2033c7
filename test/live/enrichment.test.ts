import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, createServer, type Server } from "node:net";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { cgroupOfTest } from "./cgroups.js";
import { netnsOfTest, tcptopOfTest, trafficOfTest } from "./of-test.js";
import { startTcptop, type Tcptop } from "./tcptop.js";
import type { ConnectionLine, FrameLines } from "./tcptop-lines.js";

// What is known of an owner beside its number: of real processes, users, cgroups and namespaces.

const CONTAINER_ID = "3f29a1b2c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e7f";
/** Waits for orders on its stdin: first to connect, then to end. Nothing but bash, which every user may run. */
const CLIENT = 'read -r; exec 3<>"/dev/tcp/127.0.0.1/$0"; echo connected; read -r';
const NO_SUCH_UID = 54_321;

let server: Server;
let port: number;
let tcptop: Tcptop;

beforeAll(async () => {
  server = createServer((socket) => socket.on("error", () => undefined).resume());
  await once(server.listen(0, "127.0.0.1"), "listening");
  port = (server.address() as AddressInfo).port;
  tcptop = await startTcptop();
});

afterAll(async () => {
  server.close();
  expect(await tcptop.stop()).toEqual({ status: 0, stderr: "" });
});

/** A process that connects and ends when told to. */
interface Client {
  readonly pid: number;
  readonly cmdline: string;
  readonly connect: () => Promise<void>;
  readonly end: () => Promise<void>;
}

async function clientOfTest(how: readonly string[] = [], ...more: readonly string[]): Promise<Client> {
  const client = ["bash", "-c", CLIENT, `${port}`, ...more];
  const [command = "", ...args] = [...how, ...client];
  const child = spawn(command, args, { stdio: ["pipe", "pipe", "inherit"] });
  onTestFinished(() => end(child, () => child.kill("SIGKILL")));
  await once(child, "spawn");
  return {
    pid: child.pid ?? -1,
    cmdline: client.join(" "),
    connect: async () => {
      child.stdin.write("\n");
      await once(child.stdout, "data");
    },
    end: () => end(child, () => child.stdin.write("\n")),
  };
}

async function end(child: ChildProcess, how: () => void): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  how();
  await ended;
}

/** Rows of a process in a frame, in which its own end is the one that goes to the server. */
function rowOfProcess(frame: FrameLines, pid: number): ConnectionLine | undefined {
  return frame.connections.find((row) => row.pid === pid);
}

/** The row of a process once it says all that; else the assertion that shows what it said last. */
async function expectRow(pid: number, expected: object, source: Tcptop = tcptop): Promise<void> {
  let last: ConnectionLine | undefined;
  const says = (frame: FrameLines): boolean => {
    last = rowOfProcess(frame, pid) ?? last;
    return last !== undefined && holds(() => expect(last).toMatchObject(expected));
  };
  await source.frameWhere(says).catch(() => expect(last).toMatchObject(expected));
}

function holds(assertion: () => void): boolean {
  try {
    assertion();
    return true;
  } catch {
    return false;
  }
}

describe("a process", () => {
  test("its command line and its user", async () => {
    const client = await clientOfTest([], "with spaces", "größe");
    await client.connect();
    await expectRow(client.pid, { comm: "bash", cmdline: client.cmdline, user: "root" });
  });

  test.each([
    ["by name", 65_534, "nobody"],
    ["by number, where it has no name", NO_SUCH_UID, `${NO_SUCH_UID}`],
  ])("another user, %s", async (_, uid, user) => {
    const client = await clientOfTest(["setpriv", `--reuid=${uid}`, `--regid=${uid}`, "--clear-groups"]);
    await client.connect();
    await expectRow(client.pid, { cmdline: client.cmdline, user });
  });

  test("a command line that would write to the terminal", async () => {
    const client = await clientOfTest([], "\u001b[2J\u001b]0;x\u0007", "a\nb\u202e");
    await client.connect();
    await expectRow(client.pid, { cmdline: expect.stringMatching(/ \[2J\]0;x a b$/) });
  });

  test("is known in the first frame of a tcptop that came after it", async () => {
    const client = await clientOfTest();
    await client.connect();
    const young = await tcptopOfTest();
    expect(rowOfProcess(await young.firstSample(), client.pid)).toMatchObject({
      cmdline: client.cmdline,
      user: "root",
    });
  });

  test("that has ended keeps its command line in its closed row", async () => {
    const client = await clientOfTest();
    await client.connect();
    await expectRow(client.pid, { cmdline: client.cmdline, closed: false });
    await client.end();
    await expectRow(client.pid, { cmdline: client.cmdline, user: "root", closed: true });
  });

  test("that began and ended between two frames has its command line all the same", async () => {
    const slow = await tcptopOfTest(["-d", "3"]);
    await slow.nextFrame();
    const client = await clientOfTest();
    await client.connect();
    // It was there when the events of its opening were taken: that is when the other tcptop has heard of it, too.
    await expectRow(client.pid, { cmdline: client.cmdline });
    await client.end();
    await expectRow(client.pid, { cmdline: client.cmdline, closed: true }, slow);
    expect(slow.frames.filter((frame) => rowOfProcess(frame, client.pid) !== undefined)).toHaveLength(1);
  });

  test("another program in the same process", async () => {
    const child = spawn("bash", ["-c", `exec 3<>/dev/tcp/127.0.0.1/${port}; read -r; exec sleep 1000`], {
      stdio: ["pipe", "ignore", "inherit"],
    });
    onTestFinished(() => end(child, () => child.kill("SIGKILL")));
    const pid = child.pid ?? -1;
    await expectRow(pid, { comm: "bash" });
    child.stdin.write("\n");
    await expectRow(pid, { comm: "sleep", cmdline: "sleep 1000" });
  });
});

describe("its cgroup", () => {
  test.each([
    ["of nobody in particular", `/tcptop-test-${process.pid}`, null],
    ["a systemd unit", `/tcptop-test-${process.pid}.slice/web.service/worker`, "web.service"],
    ["a Docker container", `/docker/${CONTAINER_ID}`, "docker:3f29a1b2c4d5"],
  ])("%s", async (_, path, container) => {
    const cgroup = cgroupOfTest(path);
    const client = await clientOfTest();
    cgroup.take(client.pid);
    await client.connect();
    await expectRow(client.pid, { cgroup: cgroup.path, container });
  });

  test("a move into another one", async () => {
    const [first, second] = [1, 2].map((nth) => cgroupOfTest(`/tcptop-test-${process.pid}-${nth}`));
    const client = await clientOfTest();
    first?.take(client.pid);
    await client.connect();
    await expectRow(client.pid, { cgroup: first?.path });
    second?.take(client.pid);
    await expectRow(client.pid, { cgroup: second?.path });
  });
});

describe("its network namespace", () => {
  test("the name that ip netns gave, beside the inode", async () => {
    const netns = netnsOfTest();
    const traffic = await trafficOfTest("plain", "old", {}, { netns: netns.name });
    const { pid } = traffic.endpoint("client");
    await expectRow(pid ?? -1, { netns: netns.name, netns_inode: netns.inode });
    const young = await tcptopOfTest();
    expect(rowOfProcess(await young.firstSample(), pid ?? -1)).toMatchObject({ netns: netns.name });
  });

  test("this one has no name", async () => {
    const client = await clientOfTest();
    await client.connect();
    const row = rowOfProcess(await tcptop.nextFrame(), client.pid);
    expect(row?.netns).toMatch(/^\d+$/);
    expect(row).toMatchObject({ netns_inode: Number(row?.netns) });
  });

  test("that of a container", async () => {
    const cgroup = cgroupOfTest(`/docker/${CONTAINER_ID}`);
    const listen = "require('node:net').createServer().listen(80, '0.0.0.0')";
    const child = spawn(
      "bash",
      ["-c", 'read -r; exec unshare --net "$0" -e "$1"', process.execPath, listen],
      {
        stdio: ["pipe", "ignore", "inherit"],
      },
    );
    onTestFinished(() => end(child, () => child.kill("SIGKILL")));
    await once(child, "spawn");
    const pid = child.pid ?? -1;
    cgroup.take(pid);
    child.stdin.write("\n");
    const listening = await tcptopOfTest(["--listening"]);
    const name = "docker:3f29a1b2c4d5";
    await expectRow(pid, { container: name, netns: name }, listening);
  });
});
