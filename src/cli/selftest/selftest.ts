import type { Rung } from "../../model/rung.js";
import { isPassed, reportJson, reportText } from "../../selftest/report.js";
import { unlessAskedToEnd } from "../ending-signal.js";
import { DONE, exitStatus } from "../exit-status.js";
import { openLeastPrivileged } from "../open-least-privileged.js";
import type { StandardOutput } from "../standard-output.js";
import { runSelftest } from "./run-selftest.js";

export interface SelftestOptions {
  readonly output: "text" | "json";
  /** null: the best that can be had. */
  readonly rung: Rung | null;
  readonly debug: boolean;
}

const UDP_TIMEOUT_MS = 60_000;

/**
 * Says whether the numbers are true on this kernel; resolves to the exit status: 1 when one is not. Rejects with `AskedToEnd` when
 * `stop` was signalled before; all that was opened is closed then, too.
 */
export async function selftest(
  options: SelftestOptions,
  output: StandardOutput,
  stop: AbortSignal,
): Promise<number> {
  const { rung, debug } = options;
  const request = { rung, debug, udpTimeoutMs: UDP_TIMEOUT_MS, allowKill: false };
  const report = await runSelftest(await openLeastPrivileged(request, stop), stop);
  const text = options.output === "json" ? reportJson(report) : reportText(report);
  await unlessAskedToEnd(output.write(text), stop);
  return isPassed(report) ? DONE : exitStatus("failed");
}
