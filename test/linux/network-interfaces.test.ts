import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { NetworkInterfaces } from "../../src/linux/network-interfaces.js";

const HEADER = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
`;

/** Folders that look like procfs's and sysfs's; devices with those that they stand on. */
function devicesOfTest(devices: Readonly<Record<string, readonly string[]>>) {
  const folder = mkdtempSync(join(tmpdir(), "tcptop-devices-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const [counters, sysfs] = [join(folder, "dev"), join(folder, "class")];
  const setCounters = (names: readonly string[]) =>
    writeFileSync(
      counters,
      HEADER +
        names
          .map((name, i) => `${name.padStart(6)}: ${i + 1} 0 0 0 0 0 0 0 ${10 * (i + 1)} 0 0 0 0 0 0 0\n`)
          .join(""),
    );
  const putOn = (name: string, lower: string) => writeFileSync(join(sysfs, name, `lower_${lower}`), "");
  mkdirSync(sysfs);
  // A file that is no device: the bonding module leaves one there.
  writeFileSync(join(sysfs, "bonding_masters"), "");
  for (const [name, lowers] of Object.entries(devices)) {
    mkdirSync(join(sysfs, name));
    writeFileSync(join(sysfs, name, "ifindex"), "1\n");
    for (const lower of lowers) putOn(name, lower);
  }
  setCounters(Object.keys(devices));
  return { interfaces: new NetworkInterfaces(counters, sysfs), setCounters, putOn, sysfs };
}

function stacksOf(interfaces: NetworkInterfaces, nowMs: number): readonly (boolean | null)[] {
  return (interfaces.read(nowMs) ?? []).map(({ isStacked }) => isStacked);
}

describe("network devices", () => {
  test("have their bytes, and whether they stand on others", () => {
    const { interfaces } = devicesOfTest({ lo: [], eth0: [], br0: ["eth0"] });
    expect(interfaces.read(0)).toEqual([
      { name: "lo", rxBytes: 1, txBytes: 10, isStacked: false },
      { name: "eth0", rxBytes: 2, txBytes: 20, isStacked: false },
      { name: "br0", rxBytes: 3, txBytes: 30, isStacked: true },
    ]);
  });

  test("have names without control characters", () => {
    const { interfaces } = devicesOfTest({ "e\u001b[2Jt": [] });
    expect(interfaces.read(0)).toMatchObject([{ name: "e[2Jt", isStacked: false }]);
  });

  test("tell no stack when sysfs shows other ones, until it agrees", () => {
    const { interfaces, setCounters } = devicesOfTest({ lo: [], eth0: [] });
    setCounters(["lo"]);
    expect(stacksOf(interfaces, 0)).toEqual([null]);
    setCounters(["lo", "eth0"]);
    expect(stacksOf(interfaces, 1)).toEqual([false, false]);
  });

  test("that are put on others are found some time later, at once when a device comes", () => {
    const { interfaces, putOn, setCounters, sysfs } = devicesOfTest({ lo: [], eth0: [], br0: [] });
    expect(stacksOf(interfaces, 0)).toEqual([false, false, false]);
    putOn("br0", "eth0");
    expect(stacksOf(interfaces, 11_000)).toEqual([false, false, true]);
    mkdirSync(join(sysfs, "eth1"));
    writeFileSync(join(sysfs, "eth1", "lower_eth0"), "");
    setCounters(["lo", "eth0", "br0", "eth1"]);
    expect(stacksOf(interfaces, 11_001)).toEqual([false, false, true, true]);
  });

  test("are unknown where there is no such file", () => {
    expect(new NetworkInterfaces("/nowhere/dev").read(0)).toBeNull();
  });

  test.runIf(process.platform === "linux")("of this host are those that the kernel lists", () => {
    const names = readFileSync("/proc/self/net/dev", "utf8").matchAll(/^ *([^: ]+):/gm);
    expect(new NetworkInterfaces().read(0)?.map(({ name }) => name)).toEqual(
      [...names].map(([, name]) => name),
    );
  });
});
