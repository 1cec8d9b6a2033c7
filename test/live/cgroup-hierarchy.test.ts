import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { cgroupOfTest } from "./cgroups.js";
import { tcptopOfTest } from "./of-test.js";
import type { Tcptop } from "./tcptop.js";
import type { ConnectionLine } from "./tcptop-lines.js";
import { expectClosedUdpRows, expectOpenUdpRows } from "./udp-exactness.js";
import { type UdpEndpoint, udpTrafficOfTest } from "./udp-traffic.js";

// The hooks that know UDP's peers hang on the root of cgroup v2, wherever that is mounted, and if it is not. Each tcptop
// has mounts of its own here; what it mounts for itself, it does in a folder of the test.

const UNMOUNT_ALL = `for point in $(awk '/ - cgroup2 /{print $5}' /proc/self/mountinfo); do umount -l "$point"; done`;

function folderOfTest(): string {
  const folder = mkdtempSync(join(tmpdir(), "tt-cgroup-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** A tcptop for which `prepare`, shell commands, has changed the mounts. */
function tcptopWithMounts(prepare: string, folder: string): Promise<Tcptop> {
  const script = `set -e; ${prepare}; exec "$0" "$@"`;
  return tcptopOfTest([], ["env", `TMPDIR=${folder}`, "unshare", "--mount", "sh", "-c", script]);
}

function cgroupMounts({ pid }: Tcptop): readonly string[] {
  const mounts = readFileSync(`/proc/${pid}/mountinfo`, "utf8").split("\n");
  return mounts.flatMap((line) => (line.includes(" - cgroup2 ") ? [line.split(" ")[4] ?? ""] : []));
}

async function expectExactPeers(tcptop: Tcptop): Promise<void> {
  const traffic = await udpTrafficOfTest("sendto");
  expectOpenUdpRows(await tcptop.nextFrame(), traffic.endpoints());
  await expectClosedUdpRows(tcptop, await traffic.close());
}

test("mounted nowhere: peers are exact, and nothing is left mounted", async () => {
  const folder = folderOfTest();
  const tcptop = await tcptopWithMounts(UNMOUNT_ALL, folder);
  await expectExactPeers(tcptop);
  expect(cgroupMounts(tcptop)).toEqual([]);
  expect(readdirSync(folder)).toEqual([]);
  expect(await tcptop.stop()).toEqual({ status: 0, stderr: "" });
});

test("mounted in an unusual place: it is found there", async () => {
  const folder = folderOfTest();
  const place = join(folder, "control groups");
  mkdirSync(place);
  const tcptop = await tcptopWithMounts(`${UNMOUNT_ALL}; mount -t cgroup2 none "${place}"`, folder);
  await expectExactPeers(tcptop);
  expect(cgroupMounts(tcptop)).toEqual([place.replace(" ", "\\040")]);
  expect(await tcptop.stop()).toEqual({ status: 0, stderr: "" });
});

test("in a cgroup namespace it says that it sees a part, and what others moved is not lost", async () => {
  const cgroup = cgroupOfTest(`/tt${process.pid}`);
  const enter = 'echo $$ >"$1/cgroup.procs"; shift; exec unshare --cgroup "$@"';
  const tcptop = await tcptopOfTest([], ["sh", "-c", enter, "sh", cgroup.folder]);
  const traffic = await udpTrafficOfTest("sendto");
  const { connections } = await tcptop.nextFrame();
  const ends = traffic.endpoints();
  expect(bySocket(connections.filter((row) => isOf(row, ends)))).toEqual(bySocket(ends));
  expect(await tcptop.stop()).toEqual({
    status: 0,
    stderr: "tcptop: in a cgroup namespace: peers of UDP sockets are only known for processes inside of it\n",
  });
});

function isOf({ id }: ConnectionLine, ends: readonly UdpEndpoint[]): boolean {
  return ends.some(({ cookie }) => cookie === cookieOf(id));
}

function cookieOf(id: string): string {
  return id.split(/[./]/)[0] ?? "";
}

/** What each socket moved with all its peers together. */
function bySocket(told: readonly (ConnectionLine | UdpEndpoint)[]): Readonly<Record<string, string>> {
  const sums = new Map<string, { tx: number; rx: number }>();
  for (const one of told) {
    const cookie = "id" in one ? cookieOf(one.id) : one.cookie;
    const sum = sums.get(cookie) ?? { tx: 0, rx: 0 };
    sums.set(cookie, { tx: sum.tx + (one.tx_bytes ?? 0), rx: sum.rx + (one.rx_bytes ?? 0) });
  }
  return Object.fromEntries([...sums].map(([cookie, { tx, rx }]) => [cookie, `tx ${tx} rx ${rx}`]));
}
