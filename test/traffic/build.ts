import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, renameSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The programs, one a family of cases: test/traffic/<program>.c (or test/traffic/<program>/main.c) says which. */
export const TRAFFIC_PROGRAMS = [
  "conns",
  "datagram",
  "distance",
  "ending",
  "handover",
  "locked",
  "mptcp",
  "namespaces",
  "plain",
  "queued",
  "receive",
  "reuse",
  "short",
  "steady",
  "uring",
  "workers",
  "zerocopy",
] as const;

export type TrafficProgram = (typeof TRAFFIC_PROGRAMS)[number];

const SHARED_SOURCES = ["conduct.c", "process.c", "endpoint.c", "socket.c", "settle.c"];
/** Of the programs that are not just <program>.c. */
const OWN_SOURCES: Readonly<Partial<Record<TrafficProgram, readonly string[]>>> = {
  datagram: [
    ...["main", "socket", "exchange", "batch", "ring", "send", "receive", "shared", "many"].map(
      (file) => `datagram/${file}.c`,
    ),
    "ring.c",
  ],
  namespaces: ["namespaces.c", "datagram/socket.c"],
  uring: ["uring.c", "ring.c"],
};
const HEADERS = ["traffic.h", "process.h", "ring.h", "datagram/datagram.h"];
const FLAGS = ["-std=gnu17", "-O2", "-Wall", "-Wextra", "-Werror", "-pthread"];

/** The checkout: this file may run as a source, or compiled in dist/. */
function checkoutFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, "package.json"))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error("test/traffic/build is not inside a checkout of tcptop");
    folder = parent;
  }
  return folder;
}

/** For which machine to compile, and where to put it, from the checkout. */
export interface TrafficTarget {
  readonly compiler: string;
  readonly folder: string;
}

const THIS_MACHINE: TrafficTarget = { compiler: "gcc", folder: "build/traffic" };

/** Compiles the program if it is older than its sources, and returns its path. Throws with the compiler's words. */
export function buildTraffic(
  program: TrafficProgram,
  { compiler, folder }: TrafficTarget = THIS_MACHINE,
): string {
  const checkout = checkoutFolder();
  const inSources = (file: string): string => join(checkout, "test/traffic", file);
  const output = join(checkout, folder, program);
  const ownSources = OWN_SOURCES[program] ?? [`${program}.c`];
  const sources = [...ownSources, ...SHARED_SOURCES].map(inSources);
  if (!isStale(output, [...sources, ...HEADERS.map(inSources)])) return output;
  mkdirSync(dirname(output), { recursive: true });
  // Another process may run or build it at this moment: it changes in one step.
  const unfinished = `${output}.${process.pid}`;
  try {
    execFileSync(compiler, [...FLAGS, "-I", inSources("."), ...sources, "-o", unfinished], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    renameSync(unfinished, output);
  } finally {
    rmSync(unfinished, { force: true });
  }
  return output;
}

function isStale(output: string, inputs: readonly string[]): boolean {
  if (!existsSync(output)) return true;
  const built = statSync(output).mtimeMs;
  return inputs.some((input) => statSync(input).mtimeMs > built);
}
