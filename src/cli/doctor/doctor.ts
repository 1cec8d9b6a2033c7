import { existsSync } from "node:fs";
import { setImmediate as nextTurn } from "node:timers/promises";

import type { LadderEntry } from "../../collect/ladder.js";
import { LADDER } from "../../collect/rungs.js";
import { TcptopError } from "../../model/error.js";
import { unlessAskedToEnd } from "../ending-signal.js";
import { DONE, exitStatus } from "../exit-status.js";
import { openEntry, requireLinux } from "../open-collector.js";
import type { StandardOutput } from "../standard-output.js";
import { examineRungs } from "./examine-rungs.js";
import { doctorJson } from "./json.js";
import { doctorText } from "./text.js";

export interface DoctorOptions {
  readonly output: "text" | "json";
}

const UDP_TIMEOUT_MS = 60_000;

/**
 * Says what tcptop can do on this host, and why not more; resolves to the exit status: 0 when some rung works. Rejects with
 * `AskedToEnd` when `stop` was signalled before: what was opened is closed then.
 */
export async function doctor(
  options: DoctorOptions,
  output: StandardOutput,
  stop: AbortSignal,
): Promise<number> {
  requireLinux();
  if (!existsSync("/proc/self/status")) {
    throw new TcptopError("unavailable", "there is no /proc here", "mount the proc file system");
  }
  const { examineCapabilities, examineHost } = await import("./examine-host.js");
  const examination = await examineRungs(LADDER, (entry) => openAndClose(entry, stop));
  stop.throwIfAborted();
  const report = {
    ...examineHost(),
    ...examination,
    capabilities: examineCapabilities(examination.taken),
  };
  const text =
    options.output === "json" ? doctorJson(report) : doctorText(report, { colours: output.hasColours });
  await unlessAskedToEnd(output.write(text), stop);
  return examination.taken === null ? exitStatus("unavailable") : DONE;
}

async function openAndClose(entry: LadderEntry, stop: AbortSignal): Promise<readonly string[]> {
  // To open one takes a while in which nothing is heard.
  await nextTurn();
  stop.throwIfAborted();
  const { collector, said } = await openEntry(entry, { udpTimeoutMs: UDP_TIMEOUT_MS });
  collector.close();
  return said;
}
