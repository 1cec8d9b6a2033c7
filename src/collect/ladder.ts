import { TcptopError } from "../model/error.js";
import type { Rung } from "../model/rung.js";
import type { Owner } from "../model/sample.js";
import type { NetworkCollector } from "./network-collector.js";

/** What a rung is given to start. */
export interface StartRequest {
  /** The folder of compiled BPF programs. */
  readonly objectFolder: string;
  readonly udpTimeoutMs: number;
  /** Told, in a line, what this host does not let it collect. */
  readonly tell: (line: string) => void;
  /** Told who had to do with a connection, before it is in a sample. */
  readonly hearOwner: (owner: Owner) => void;
}

/** Starts to collect; throws TcptopError `unavailable`, with a reason and what would mend it, where it can't be had. */
export type Start = (request: StartRequest) => NetworkCollector;

/** A rung, or one way to have it: a rung stands as often on the ladder as there are ways. */
export interface LadderEntry {
  readonly rung: Rung;
  /** What it does not show, as words for the user; empty where it shows all that can be shown. */
  readonly lacks: string;
  /** Whose pids it tells: those of the initial pid namespace, as kernel programs do, or those that /proc has. */
  readonly pidOrigin: "initial" | "proc";
  /** Its code is loaded only when asked for: elsewhere than on Linux neither libbpf nor the kernel's interfaces are there. */
  readonly load: () => Promise<Start>;
}

/** The entry that opened, what it opened, and why those before it did not. */
export interface Taken<Opened> {
  readonly entry: LadderEntry;
  readonly opened: Opened;
  readonly failures: readonly TcptopError[];
}

/**
 * Tries the entries in their order until one opens. What fails otherwise than `unavailable` fails for good.
 * @throws TcptopError `unavailable` when none opens: the most useful of their reasons, else that of the least demanding, the last.
 */
export async function takeBest<Opened>(
  entries: readonly LadderEntry[],
  open: (entry: LadderEntry) => Promise<Opened>,
): Promise<Taken<Opened>> {
  const failures: TcptopError[] = [];
  for (const entry of entries) {
    try {
      return { entry, opened: await open(entry), failures };
    } catch (error) {
      if (!(error instanceof TcptopError) || error.code !== "unavailable") throw error;
      failures.push(error);
    }
  }
  throw (
    mendable(failures) ??
    failures.at(-1) ??
    new TcptopError("unavailable", "there is no way to collect here", "")
  );
}

/** The one line that says what is missing for want of a better way, and why; null when nothing is. */
export function shortfall({ entry, failures }: Taken<unknown>): string | null {
  const why = mendable(failures) ?? failures[0];
  if (entry.lacks === "" || why === undefined) return null;
  const start = `using rung ${entry.rung}: ${entry.lacks}`;
  return `${start} (${why.message})${why.mend === "" ? "" : `; ${why.mend}`}`;
}

/**
 * Of several reasons the one to tell: that of the best rung that this user could have here, by a package or a privilege; else
 * the first for which there is any mend.
 */
function mendable(failures: readonly TcptopError[]): TcptopError | undefined {
  return (
    failures.find(({ remedy }) => remedy === "package" || remedy === "privilege") ??
    failures.find(({ mend }) => mend !== "")
  );
}
