import { execFileSync } from "node:child_process";
import { cpus, loadavg, release, version } from "node:os";

/** What figures cannot be read without. */
export interface Environment {
  /** RFC 3339. */
  readonly time: string;
  readonly kernel: string;
  readonly cpu: string;
  readonly cores: number;
  /** Processes that wanted a core over the last minute, before the run: beyond a few tenths, wall times mean little. */
  readonly load: number;
  readonly node: string;
  /** The peer, with its version. */
  readonly ss: string;
}

export function environment(): Environment {
  const cores = cpus();
  return {
    time: new Date().toISOString(),
    kernel: `Linux ${release()} ${version()}`,
    cpu: cores[0]?.model ?? "unknown CPU",
    cores: cores.length,
    load: loadavg()[0] ?? 0,
    node: process.versions.node,
    ss: execFileSync("ss", ["-V"], { encoding: "utf8" }).trim(),
  };
}
