import { RUNGS, type Rung } from "../../src/model/rung.js";

const { TCPTOP_TEST_RUNG = "" } = process.env;

/** The rung that tests force, from the environment variable TCPTOP_TEST_RUNG; null leaves the choice to tcptop. */
export const FORCED_RUNG: Rung | null = rungOf(TCPTOP_TEST_RUNG);

/** Arguments of tcptop, with the forced rung, unless they force one themselves. */
export function withForcedRung(args: readonly string[]): readonly string[] {
  return FORCED_RUNG === null || args.includes("--rung") ? args : ["--rung", FORCED_RUNG, ...args];
}

function rungOf(name: string): Rung | null {
  if (name === "") return null;
  const rung = RUNGS.find((known) => known === name);
  if (rung === undefined) throw new Error(`TCPTOP_TEST_RUNG=${name}: rungs are ${RUNGS.join(", ")}`);
  return rung;
}
