import type { Suspect } from "../model/connection.js";
import type { Row } from "./row.js";

/**
 * After how many walks in a row that did not see a connection it is looked up. One is no sign: a walk may skip a
 * socket while the hash bucket that holds it changes. As many ticks pass before it is looked up again.
 */
const SUSPECT_AFTER_WALKS = 2;

/** Whether so many walks have missed the connection that a look-up is due, or was. */
export function isSuspect(row: Row): boolean {
  return row.missedWalks >= SUSPECT_AFTER_WALKS;
}

/** Notes that a walk is over that did not see this connection; tells whether it is to be looked up now. */
export function missWalk(row: Row, tick: number): boolean {
  row.missedWalks += 1;
  return isSuspect(row) && (row.suspectedTick === 0 || tick - row.suspectedTick >= SUSPECT_AFTER_WALKS);
}

/**
 * Picks whom to look up: those never looked up first, of these the longest unheard of. So a crowd of connections that
 * are alive where no walk sees them cannot keep the others from their turn.
 */
export function pickSuspects(due: Row[], limit: number, tick: number): readonly Suspect[] {
  due.sort((a, b) => a.suspectedTick - b.suspectedTick || a.heardTick - b.heardTick);
  return due.slice(0, limit).map((row) => {
    row.suspectedTick = tick;
    return {
      cookie: row.cookie,
      proto: row.latest.proto,
      tuple: row.tuple,
      netns: row.latest.netns,
      boundDevice: row.latest.boundDevice,
    };
  });
}
