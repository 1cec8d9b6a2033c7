import { setImmediate as nextTurn } from "node:timers/promises";

import { AUTOMATIC_CAPABILITIES, type Capability, capabilitiesOf } from "../model/privileges.js";
import { RUNGS, type Rung } from "../model/rung.js";

/** Tells the process that executes anew for what it did, so that it does not do it again. */
const MARK = "TCPTOP_REDUCED_FOR";

/** What capabilities have been reduced to: those of the automatic choice, or those of a rung. */
type Aim = "automatic" | Rung;

const mark = takeMark();

/** The rung that was chosen before capabilities were reduced to what it needs; null where none was. */
export const settledRung: Rung | null = RUNGS.find((rung) => rung === mark) ?? null;

/**
 * Gives away all capabilities that no rung needs, before anything else is done or even loaded: this process goes on in
 * another start of the program. Returns where there is nothing to give away, or where that can't be done: why. Returns, too,
 * when `stop` is signalled: another start would not know that it is to end.
 */
export function keepForAutomaticChoice(stop?: AbortSignal): Promise<string | null> {
  return keepOnly(AUTOMATIC_CAPABILITIES, "automatic", stop);
}

/** The same, of all that this rung does not need, nor, where that is allowed, the key K. */
export function keepForRung(rung: Rung, allowKill: boolean, stop: AbortSignal): Promise<string | null> {
  return keepOnly(capabilitiesOf(rung, allowKill), rung, stop);
}

/** Whether this process could do more than that. */
export async function hasMoreThan(rung: Rung, allowKill: boolean): Promise<boolean> {
  if (settledRung !== null) return false;
  const { readPrivileges, setOf } = await import("../linux/capabilities.js");
  return (readPrivileges().permitted & ~setOf(capabilitiesOf(rung, allowKill))) !== 0n;
}

async function keepOnly(
  capabilities: readonly Capability[],
  aim: Aim,
  stop?: AbortSignal,
): Promise<string | null> {
  if (process.platform !== "linux" || mark === aim || settledRung !== null) return null;
  try {
    const { readPrivileges, setOf } = await import("../linux/capabilities.js");
    const held = readPrivileges();
    const keep = setOf(capabilities);
    const surplus = (held.permitted | held.bounding | held.inheritable) & ~keep;
    if (held.hasNoNewPrivileges && (surplus === 0n || held.permitted === 0n)) return null;
    const { executeAnew, forgoNewPrivileges, reduceTo } = await import("../linux/re-execution.js");
    // Without capabilities there is nothing to give away, and all that this process starts, it starts in this thread.
    if (held.permitted === 0n) {
      forgoNewPrivileges();
      return null;
    }
    if (await isAskedToEnd(stop)) return null;
    process.env[MARK] = aim;
    reduceTo(keep);
    return executeAnew();
  } catch (error) {
    delete process.env[MARK];
    return error instanceof Error ? error.message : String(error);
  }
}

/** Signals that came meanwhile are heard in a whole turn of the event loop: its second callback is behind one. */
async function isAskedToEnd(stop: AbortSignal | undefined): Promise<boolean> {
  if (stop === undefined) return false;
  await nextTurn();
  await nextTurn();
  return stop.aborted;
}

function takeMark(): string | undefined {
  const value = process.env[MARK];
  delete process.env[MARK];
  return value;
}
