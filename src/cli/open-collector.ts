import type { NetworkCollector } from "../collect/network-collector.js";
import { TcptopError } from "../model/error.js";
import type { Rung } from "../model/rung.js";
import { BPF_OBJECT_PATH } from "./package-files.js";

/** What this version can collect with; the other rungs' names are known, and refused with a reason. */
const BUILT: ReadonlySet<Rung> = new Set<Rung>(["tracepoint"]);

/**
 * Starts to collect on this host. `rung` forces a way to collect; null takes the best that can be had.
 * @throws TcptopError `unavailable` when it can't be had here.
 */
export async function openCollector(rung: Rung | null): Promise<NetworkCollector> {
  if (process.platform !== "linux") {
    throw new TcptopError(
      "unavailable",
      `live collection needs Linux, and this is ${process.platform}`,
      "run tcptop on the Linux host that you want to watch",
    );
  }
  if (rung !== null && !BUILT.has(rung)) {
    throw new TcptopError(
      "unavailable",
      `--rung ${rung}: this version of tcptop does not have it`,
      `give --rung ${[...BUILT].join(" or ")}, or leave --rung out`,
    );
  }
  // Loaded only now: elsewhere than on Linux neither libbpf nor the kernel's interfaces are there.
  const { EbpfCollector } = await import("../collect/ebpf/ebpf-collector.js");
  return EbpfCollector.open({ objectPath: BPF_OBJECT_PATH });
}
