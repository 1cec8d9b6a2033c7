import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";

const NETNS_FOLDER = "/run/netns";

/** A network namespace that a test made: its loopback is up, nothing else is in it. */
export interface Netns {
  readonly name: string;
  /** What the kernel calls it: the inode that `netns` columns show. */
  readonly inode: number;
  /** Runs a command inside and returns its stdout; throws with its stderr. */
  readonly run: (command: string, ...args: readonly string[]) => string;
  /** Loads an nftables ruleset inside; an empty one removes all rules. */
  readonly setRules: (ruleset: string) => void;
  /** May be called again. What still runs inside keeps the namespace alive, without its name. */
  readonly remove: () => void;
}

/** The two ends of a cable between two namespaces; its addresses are of the range for documentation (RFC 5737). */
export interface VethPair {
  readonly firstAddr: string;
  readonly secondAddr: string;
}

const made = new Map<string, Netns>();
let serial = 0;
/** `ip netns add` makes the folder a mount of its own, and nobody takes that away again. */
let mountsFolder = false;

process.on("exit", () => {
  for (const netns of made.values()) netns.remove();
});

/** Makes a namespace with a name of its own; it goes with `remove()`, and at the latest with this process. */
export function makeNetns(): Netns {
  serial += 1;
  const name = `tt${process.pid}n${serial}`;
  if (made.size === 0) mountsFolder = !isMountPoint(NETNS_FOLDER);
  execute("ip", ["netns", "add", name]);
  const run = (command: string, ...args: readonly string[]): string =>
    execute("nsenter", [`--net=${NETNS_FOLDER}/${name}`, command, ...args]);
  const netns: Netns = {
    name,
    inode: statSync(`${NETNS_FOLDER}/${name}`).ino,
    run,
    setRules: (ruleset) => {
      execute("nsenter", [`--net=${NETNS_FOLDER}/${name}`, "nft", "-f", "-"], `flush ruleset\n${ruleset}\n`);
    },
    remove: () => {
      if (!made.delete(name)) return;
      execute("ip", ["netns", "delete", name]);
      if (mountsFolder && readdirSync(NETNS_FOLDER).length === 0) execute("umount", [NETNS_FOLDER]);
    },
  };
  made.set(name, netns);
  run("ip", "link", "set", "lo", "up");
  return netns;
}

/** What the `netns` column shows of a namespace: its name where a test of this process gave it one, else its inode. */
export function netnsLabel(inode: number): string {
  const named = [...made.values()].find((netns) => netns.inode === inode);
  return named?.name ?? String(inode);
}

/** Lays a veth pair between two namespaces; it goes with either of them. */
export function connectNetns(first: Netns, second: Netns): VethPair {
  const [firstDevice, secondDevice] = ["veth-first", "veth-second"];
  const [firstAddr, secondAddr] = ["192.0.2.1", "192.0.2.2"];
  execute("ip", [
    ...["link", "add", firstDevice, "netns", first.name, "type", "veth"],
    ...["peer", "name", secondDevice, "netns", second.name],
  ]);
  for (const [netns, device, address] of [
    [first, firstDevice, firstAddr],
    [second, secondDevice, secondAddr],
  ] as const) {
    netns.run("ip", "address", "add", `${address}/24`, "dev", device);
    netns.run("ip", "link", "set", device, "up");
  }
  return { firstAddr, secondAddr };
}

function isMountPoint(folder: string): boolean {
  const mounts = readFileSync("/proc/self/mountinfo", "utf8").split("\n");
  return mounts.some((mount) => mount.split(" ")[4] === folder);
}

function execute(command: string, args: readonly string[], input = ""): string {
  return execFileSync(command, args, {
    input,
    encoding: "utf8",
    stdio: ["pipe", "pipe", "pipe"],
    timeout: 10_000,
  });
}
