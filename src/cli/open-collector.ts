import { type LadderEntry, shortfall, takeBest } from "../collect/ladder.js";
import type { NetworkCollector } from "../collect/network-collector.js";
import { LADDER } from "../collect/rungs.js";
import { TcptopError } from "../model/error.js";
import type { Rung } from "../model/rung.js";
import { harmless } from "../model/text.js";
import { BPF_FOLDER } from "./package-files.js";

/** What a pid namespace takes from a rung, by whose pids it tells. */
const PID_NAMESPACE: Readonly<Record<LadderEntry["pidOrigin"], string>> = {
  initial:
    "in a pid namespace: which processes outside of it hold sockets is unknown; pids are those of the host, without command line, user, cgroup and container",
  proc: "in a pid namespace: which processes outside of it hold sockets is unknown",
};

type Tell = (line: string) => void;

export interface CollectorRequest {
  /** Forces a way to collect; null takes the best that can be had. */
  readonly rung: Rung | null;
  readonly udpTimeoutMs: number;
}

interface Opened {
  readonly collector: NetworkCollector;
  /** What it does not let be collected, as it said itself. */
  readonly said: readonly string[];
}

/**
 * Starts to collect on this host, and tells, in a line, what can't be had.
 * @throws TcptopError `unavailable` when nothing can be collected, or not in the way that was asked for.
 */
export async function openCollector(
  request: CollectorRequest,
  tell: Tell = tellOnStderr,
): Promise<NetworkCollector> {
  requireLinux();
  const taken = await takeBest(entriesFor(request.rung), (entry) => open(entry, request));
  const short = shortfall(taken);
  for (const line of short === null ? taken.opened.said : [short, ...taken.opened.said]) tell(line);
  return taken.opened.collector;
}

/** @throws TcptopError `unavailable` elsewhere. */
export function requireLinux(): void {
  if (process.platform === "linux") return;
  throw new TcptopError(
    "unavailable",
    `live collection needs Linux, and this is ${process.platform}`,
    "run tcptop on the Linux host that you want to watch",
  );
}

function entriesFor(rung: Rung | null): readonly LadderEntry[] {
  if (rung === null) return LADDER;
  const entries = LADDER.filter((entry) => entry.rung === rung);
  if (entries.length > 0) return entries;
  const built = [...new Set(LADDER.map((entry) => entry.rung))];
  throw new TcptopError(
    "unavailable",
    `--rung ${rung}: this version of tcptop does not have it`,
    `give --rung ${built.join(" or ")}, or leave --rung out`,
  );
}

async function open(entry: LadderEntry, { udpTimeoutMs }: CollectorRequest): Promise<Opened> {
  const start = await entry.load();
  const { openEnriched } = await import("../collect/enrichment/enriched-collector.js");
  const said: string[] = [];
  const { procShowsInitialPids } = await import("../linux/pid-namespace.js");
  if (!procShowsInitialPids()) said.push(PID_NAMESPACE[entry.pidOrigin]);
  const tell: Tell = (line) => said.push(line);
  const collector = openEnriched(entry.pidOrigin, (hearOwner) =>
    start({ objectFolder: BPF_FOLDER, udpTimeoutMs, tell, hearOwner }),
  );
  return { collector, said };
}

function tellOnStderr(line: string): void {
  process.stderr.write(`tcptop: ${harmless(line)}\n`);
}
