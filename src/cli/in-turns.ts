import { setImmediate as nextTurn } from "node:timers/promises";

/** The longest that a key waits for work that is done in steps. */
const TURN_MS = 8;

/** Does work that comes in steps, and lets what else is due (keys, reads) have its turn between them, and before what follows. */
export async function inTurns<Result>(work: Iterator<undefined, Result, undefined>): Promise<Result> {
  let endMs = performance.now() + TURN_MS;
  for (;;) {
    const step = work.next();
    if (step.done) {
      await nextTurn();
      return step.value;
    }
    if (performance.now() < endMs) continue;
    await nextTurn();
    endMs = performance.now() + TURN_MS;
  }
}
