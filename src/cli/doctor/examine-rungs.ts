import { type LadderEntry, takeBest } from "../../collect/ladder.js";
import { TcptopError } from "../../model/error.js";
import type { Rung } from "../../model/rung.js";
import type { RungFinding } from "./report.js";

export interface Examination {
  readonly rungs: readonly RungFinding[];
  readonly taken: Rung | null;
}

/**
 * Opens every rung and closes it again. `open` does so with one entry of the ladder, throws as its start does, and resolves to what
 * it said that this host does not let it collect.
 */
export async function examineRungs(
  ladder: readonly LadderEntry[],
  open: (entry: LadderEntry) => Promise<readonly string[]>,
): Promise<Examination> {
  const working = new Set<LadderEntry>();
  const findings: RungFinding[] = [];
  for (const rung of new Set(ladder.map((entry) => entry.rung))) {
    const entries = ladder.filter((entry) => entry.rung === rung);
    findings.push(
      await examine(rung, entries, async (entry) => {
        const limits = await open(entry);
        working.add(entry);
        return limits;
      }),
    );
  }
  return { rungs: findings, taken: ladder.find((entry) => working.has(entry))?.rung ?? null };
}

async function examine(
  rung: Rung,
  entries: readonly LadderEntry[],
  open: (entry: LadderEntry) => Promise<readonly string[]>,
): Promise<RungFinding> {
  try {
    const { entry, opened: limits, failures } = await takeBest(entries, open);
    return { ...NOTHING, ...whyNotBetter(failures[0]), rung, works: true, lacks: entry.lacks, limits };
  } catch (error) {
    // What fails otherwise is a fault, which is told like a reason: the other rungs are of interest all the more.
    const failure = error instanceof TcptopError ? error : new TcptopError("failed", messageOf(error), "");
    return { ...NOTHING, ...whyNotBetter(failure), rung, works: false };
  }
}

const NOTHING = { lacks: "", limits: [], reason: null, mend: null, remedy: null } as const;

function whyNotBetter(error: TcptopError | undefined): Pick<RungFinding, "reason" | "mend" | "remedy"> {
  if (error === undefined) return NOTHING;
  return { reason: error.message, mend: error.mend === "" ? null : error.mend, remedy: error.remedy };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
