import type { NetworkCollector } from "../collect/network-collector.js";
import { TcptopError } from "../model/error.js";
import type { Rung } from "../model/rung.js";
import { harmless } from "../model/text.js";
import { BPF_FOLDER } from "./package-files.js";

/** What this version can collect with, the best first; the other rungs' names are known, and refused with a reason. */
const BUILT: ReadonlyMap<Rung, Open> = new Map<Rung, Open>([
  ["tracepoint", openEbpf],
  ["proc", openProc],
]);

type Tell = (line: string) => void;
type Open = (request: CollectorRequest, tell: Tell) => Promise<NetworkCollector>;

export interface CollectorRequest {
  /** Forces a way to collect; null takes the best that can be had. */
  readonly rung: Rung | null;
  readonly udpTimeoutMs: number;
}

/**
 * Starts to collect on this host, and tells, in a line, when that is not with eBPF.
 * @throws TcptopError `unavailable` when it can't be had here.
 */
export async function openCollector(
  request: CollectorRequest,
  tell: Tell = tellOnStderr,
): Promise<NetworkCollector> {
  if (process.platform !== "linux") {
    throw new TcptopError(
      "unavailable",
      `live collection needs Linux, and this is ${process.platform}`,
      "run tcptop on the Linux host that you want to watch",
    );
  }
  return request.rung === null ? openBest(request, tell) : openForced(request.rung, request, tell);
}

async function openForced(rung: Rung, request: CollectorRequest, tell: Tell): Promise<NetworkCollector> {
  const open = BUILT.get(rung);
  if (open !== undefined) return open(request, tell);
  throw new TcptopError(
    "unavailable",
    `--rung ${rung}: this version of tcptop does not have it`,
    `give --rung ${[...BUILT.keys()].join(" or ")}, or leave --rung out`,
  );
}

async function openBest(request: CollectorRequest, tell: Tell): Promise<NetworkCollector> {
  try {
    return await openEbpf(request, tell);
  } catch (error) {
    if (!(error instanceof TcptopError) || error.code !== "unavailable") throw error;
    return openInstead(error, tell);
  }
}

/** When nothing can be had, the complaint is that of the best: what mends that brings more. */
async function openInstead(error: TcptopError, tell: Tell): Promise<NetworkCollector> {
  let collector: NetworkCollector;
  try {
    collector = await openProc();
  } catch {
    throw error;
  }
  const { PROC_LACKS } = await import("../collect/proc/proc-collector.js");
  const mend = error.mend === "" ? "" : `; ${error.mend}`;
  tell(`no eBPF here (${error.message}); using rung ${collector.rung}: ${PROC_LACKS}${mend}`);
  return collector;
}

// Loaded only when asked for: elsewhere than on Linux neither libbpf nor the kernel's interfaces are there.

async function openEbpf({ udpTimeoutMs }: CollectorRequest, tell: Tell): Promise<NetworkCollector> {
  const { openTracepoint } = await import("../collect/ebpf/open-tracepoint.js");
  const { openEnriched } = await import("../collect/enrichment/enriched-collector.js");
  return openEnriched("initial", (hearOwner) =>
    openTracepoint({ objectFolder: BPF_FOLDER, udpTimeoutMs, tell, hearOwner }),
  );
}

async function openProc(): Promise<NetworkCollector> {
  const { ProcCollector } = await import("../collect/proc/proc-collector.js");
  const { openEnriched } = await import("../collect/enrichment/enriched-collector.js");
  return openEnriched("proc", () => ProcCollector.open());
}

function tellOnStderr(line: string): void {
  process.stderr.write(`tcptop: ${harmless(line)}\n`);
}
