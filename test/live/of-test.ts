import { onTestFinished } from "vitest";
import type { TrafficProgram } from "../traffic/build.js";
import { bpfIds, expectNoneLeft } from "./bpf-left.js";
import { makeNetns, type Netns } from "./netns.js";
import { launchTcptop, startTcptop, type Tcptop, type Wrapper } from "./tcptop.js";
import { startTraffic, type Traffic, type TrafficArguments, type TrafficOptions } from "./traffic.js";

// What belongs to one test, and goes with it, in reverse order.

export async function trafficOfTest(
  program: TrafficProgram,
  caseName: string,
  args: TrafficArguments = {},
  options: TrafficOptions = {},
): Promise<Traffic> {
  const traffic = await startTraffic(program, caseName, args, options);
  onTestFinished(traffic.end);
  return traffic;
}

export function netnsOfTest(): Netns {
  const netns = makeNetns();
  onTestFinished(netns.remove);
  return netns;
}

/** A tcptop whose first frame is there; it must end as it should. */
export async function tcptopOfTest(args: readonly string[] = [], wrapper: Wrapper = []): Promise<Tcptop> {
  const tcptop = await startTcptop(args, wrapper);
  onTestFinished(tcptop.end);
  return tcptop;
}

/** A tcptop that has just been started. */
export function launchedTcptopOfTest(args: readonly string[] = []): Tcptop {
  const tcptop = launchTcptop(args);
  onTestFinished(tcptop.end);
  return tcptop;
}

/** To be called first: when all else of the test is gone, no BPF object of it must be left. */
export function leavesNothingOfTest(): void {
  const before = bpfIds();
  onTestFinished(() => expectNoneLeft(before));
}
