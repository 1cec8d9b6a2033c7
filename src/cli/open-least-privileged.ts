import type { NetworkCollector } from "../collect/network-collector.js";
import { harmless } from "../model/text.js";
import { hasMoreThan, keepForAutomaticChoice, keepForRung, settledRung } from "./least-privilege.js";
import { type CollectorRequest, openCollector } from "./open-collector.js";

export interface LeastPrivilegedRequest extends CollectorRequest {
  /** Whether to say why capabilities could not be given away. */
  readonly debug: boolean;
  /** Whether connections are to be closed. */
  readonly allowKill: boolean;
}

/**
 * Starts to collect with no more capabilities than the rung needs. Those that only a better rung needs can't be given away
 * before the choice is made, and take another start: it is told the choice, and what there was to say has been said.
 * Once `stop` is signalled there is none.
 */
export async function openLeastPrivileged(
  options: LeastPrivilegedRequest,
  stop: AbortSignal,
): Promise<NetworkCollector> {
  const { rung, udpTimeoutMs, debug, allowKill } = options;
  const complain = (why: string | null): void => {
    if (debug && why !== null) say(`keeps more capabilities than it needs: ${why}`);
  };
  if (rung !== null) {
    complain(await keepForRung(rung, allowKill, stop));
    return openCollector({ rung, udpTimeoutMs });
  }
  if (settledRung !== null) return openCollector({ rung: settledRung, udpTimeoutMs }, saidBefore);
  complain(await keepForAutomaticChoice(stop));
  const collector = await openCollector({ rung, udpTimeoutMs });
  if (!(await hasMoreThan(collector.rung, allowKill))) return collector;
  collector.close();
  complain(await keepForRung(collector.rung, allowKill, stop));
  return openCollector({ rung: collector.rung, udpTimeoutMs }, saidBefore);
}

function saidBefore(): void {}

function say(line: string): void {
  process.stderr.write(`tcptop: ${harmless(line)}\n`);
}
