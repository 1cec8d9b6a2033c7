import { existsSync } from "node:fs";
import { release } from "node:os";
import type { TrafficArguments } from "./traffic.js";

/** Whether this kernel can run a case of a generator: what it does not have, no connection of it can use. */
export function isPossibleHere(caseName: string, { mode }: TrafficArguments): boolean {
  if (caseName.startsWith("mptcp") && !existsSync("/proc/sys/net/mptcp")) return false;
  // A kernel thread that submits needs no registered files since 5.11; sockets as direct descriptors came with 5.19.
  if (mode === "sqpoll") return isAtLeast(5, 11);
  return mode !== "direct" || isAtLeast(5, 19);
}

function isAtLeast(major: number, minor: number): boolean {
  const [ownMajor = 0, ownMinor = 0] = release().split(".").map(Number);
  return ownMajor > major || (ownMajor === major && ownMinor >= minor);
}
