import { type LadderEntry, shortfall, takeBest } from "../collect/ladder.js";
import type { NetworkCollector } from "../collect/network-collector.js";
import { LADDER, waysToHave } from "../collect/rungs.js";
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

export interface Opened {
  readonly collector: NetworkCollector;
  /** What this host does not let it collect, in a line each. */
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
  const { rung } = request;
  const entries = rung === null ? LADDER : waysToHave(rung);
  const taken = await takeBest(entries, (entry) => openEntry(entry, request)).catch((error: unknown) => {
    throw rung === null ? error : withAnotherWay(error);
  });
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

/** Where nothing else would mend it, whoever forced a rung can stop that. */
function withAnotherWay(error: unknown): unknown {
  if (!(error instanceof TcptopError) || error.code !== "unavailable" || error.mend !== "") return error;
  const { message } = error;
  return new TcptopError("unavailable", message, "leave --rung out, and tcptop takes another way", {
    cause: error,
    detail: error.detail ?? message,
  });
}

/**
 * Starts to collect in this way.
 * @throws TcptopError `unavailable` where it can't be had.
 */
export async function openEntry(
  entry: LadderEntry,
  { udpTimeoutMs }: Pick<CollectorRequest, "udpTimeoutMs">,
): Promise<Opened> {
  const start = await entry.load();
  const { openEnriched } = await import("../collect/enrichment/enriched-collector.js");
  const said: string[] = [];
  const { procShowsInitialPids } = await import("../linux/pid-namespace.js");
  if (!procShowsInitialPids()) said.push(PID_NAMESPACE[entry.pidOrigin]);
  const tell: Tell = (line) => said.push(line);
  const request = { objectFolder: BPF_FOLDER, udpTimeoutMs, tell };
  const collector = openEnriched(entry.pidOrigin, (hearOwner) => {
    try {
      return start({ ...request, hearOwner });
    } catch (error) {
      throw isRefusal(error) ? notStarted(entry.rung, error) : error;
    }
  });
  const { privilegeNotices } = await import("./privilege-notices.js");
  return { collector, said: [...said, ...privilegeNotices(entry.rung)] };
}

/** A system call that failed, as Node.js or `SystemCallError` tell of it: the host's doing. All else would be a fault of tcptop. */
function isRefusal(error: unknown): error is Error {
  return error instanceof Error && "errno" in error && typeof error.errno === "number";
}

function notStarted(rung: Rung, error: Error): TcptopError {
  const why = `rung ${rung} does not start: ${error.message}`;
  return new TcptopError("unavailable", why, "", { cause: error, detail: error.stack ?? why });
}

function tellOnStderr(line: string): void {
  process.stderr.write(`tcptop: ${harmless(line)}\n`);
}
