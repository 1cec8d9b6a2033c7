import { spawn } from "node:child_process";
import { once } from "node:events";
import { onTestFinished } from "vitest";
import { buildTraffic } from "../traffic/build.js";
import type { Netns } from "./netns.js";

/** Two namespaces that are far from each other; the addresses are of the range for documentation (RFC 5737). */
export interface Distance {
  readonly firstAddr: string;
  readonly secondAddr: string;
}

const DEVICE = "distance";
const READY_MS = 10_000;

/** Lays a cable that takes `delayMs` in each direction; it goes with the test. */
export async function distanceOfTest(first: Netns, second: Netns, delayMs: number): Promise<Distance> {
  const child = spawn(buildTraffic("distance"), [first.name, second.name, String(delayMs)], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const exited = once(child, "exit");
  onTestFinished(async () => {
    child.stdin.end();
    await exited;
  });
  await once(child.stdout, "data", { signal: AbortSignal.timeout(READY_MS) });
  const [firstAddr, secondAddr] = ["192.0.2.1", "192.0.2.2"];
  for (const [netns, address] of [
    [first, firstAddr],
    [second, secondAddr],
  ] as const) {
    netns.run("ip", "address", "add", `${address}/24`, "dev", DEVICE);
    netns.run("ip", "link", "set", DEVICE, "up");
  }
  return { firstAddr, secondAddr };
}
