import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { machine, release } from "node:os";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

import type { NetworkCollector } from "../../collect/network-collector.js";
import { ConnectionTable } from "../../engine/connection-table.js";
import type { Connection } from "../../model/connection.js";
import { TcptopError } from "../../model/error.js";
import { endKey, judge } from "../../selftest/judge.js";
import type { SelftestReport } from "../../selftest/report.js";
import type { EndpointTruth, TrafficTruth } from "../../selftest/truth.js";
import { unlessAskedToEnd } from "../ending-signal.js";

const TRAFFIC = fileURLToPath(new URL("traffic-process.js", import.meta.url));
const TICK_MS = 100;
/** How long a rung may take to show what was moved, and once more to show how it ended. */
const PATIENCE_MS = 3000;
/** All paths take some 100 ms; a kernel that is emulated some seconds. */
const TRAFFIC_MS = 60_000;

/**
 * Moves known bytes by every data path that the kernel has, and holds what the collector shows against them. The
 * collector is closed at the end, and the traffic is over.
 * @throws TcptopError `failed` when the traffic can't be made; AskedToEnd as soon as `stop` is signalled.
 */
export async function runSelftest(collector: NetworkCollector, stop: AbortSignal): Promise<SelftestReport> {
  try {
    stop.throwIfAborted();
    const traffic = new TrafficProcess();
    try {
      return await unlessAskedToEnd(compare(collector, traffic, new Watch(collector, stop)), stop);
    } finally {
      await traffic.end();
    }
  } finally {
    collector.close();
  }
}

async function compare(
  { rung }: NetworkCollector,
  traffic: TrafficProcess,
  watch: Watch,
): Promise<SelftestReport> {
  await traffic.start();
  // Some rungs have to find a namespace before they hear of what is short-lived in it.
  await watch.tick();
  const truth = await traffic.move();
  await watch.until(PATIENCE_MS, () => watch.hasAll(truth, (row) => row !== undefined));
  await traffic.closeSockets();
  await watch.until(PATIENCE_MS, () => watch.hasAll(truth, (row) => row?.closed === true));
  return {
    rung,
    kernel: release(),
    architecture: machine(),
    sharedNamespace: truth.shared,
    verdicts: judge(rung, truth, watch.rowsOf(truth.netns)),
  };
}

/** The newest row of every end, over all ticks. */
class Watch {
  readonly #collector: NetworkCollector;
  readonly #stop: AbortSignal;
  readonly #table = new ConnectionTable({ lingerMs: 0 });
  readonly #rows = new Map<number, Map<string, Connection>>();

  constructor(collector: NetworkCollector, stop: AbortSignal) {
    this.#collector = collector;
    this.#stop = stop;
  }

  /** None is begun when the collector may be closed. */
  async tick(): Promise<void> {
    this.#stop.throwIfAborted();
    const { connections } = this.#table.apply(await this.#collector.sample(this.#table.suspects()));
    for (const row of connections) {
      const rows = this.#rows.get(row.netns) ?? new Map<string, Connection>();
      this.#rows.set(row.netns, rows);
      rows.set(endKey(row.proto, row), row);
    }
  }

  /** Ticks until it holds, or for so long. */
  async until(patienceMs: number, holds: () => boolean): Promise<void> {
    const endMs = performance.now() + patienceMs;
    do {
      await sleep(TICK_MS);
      await this.tick();
    } while (!holds() && performance.now() < endMs);
  }

  hasAll({ netns, paths }: TrafficTruth, holds: (row: Connection | undefined) => boolean): boolean {
    const rows = this.rowsOf(netns);
    const has = (proto: "tcp" | "udp", end: EndpointTruth) => holds(rows.get(endKey(proto, end)));
    return paths.every(({ proto, endpoints }) => endpoints.every((end) => has(proto, end)));
  }

  rowsOf(netns: number): ReadonlyMap<string, Connection> {
    return this.#rows.get(netns) ?? new Map<string, Connection>();
  }
}

/** See traffic-process.ts: each order is a line, and is answered by one. */
class TrafficProcess {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #answers: AsyncIterator<string>;

  constructor() {
    // In a process group of its own: Ctrl-C is for us, and traffic that broke off before would be an error.
    this.#child = spawn(process.execPath, [TRAFFIC], { stdio: ["pipe", "pipe", "inherit"], detached: true });
    this.#answers = createInterface(this.#child.stdout)[Symbol.asyncIterator]();
  }

  /** Resolves when it can move. */
  async start(): Promise<void> {
    await this.#answer();
  }

  async move(): Promise<TrafficTruth> {
    // Our own program's word, of this very version.
    return JSON.parse(await this.#ask("move")) as TrafficTruth;
  }

  async closeSockets(): Promise<void> {
    await this.#ask("close");
  }

  async end(): Promise<void> {
    const ended = once(this.#child, "exit");
    if (this.#child.kill("SIGKILL")) await ended;
  }

  #ask(order: string): Promise<string> {
    this.#child.stdin.write(`${order}\n`);
    return this.#answer();
  }

  async #answer(): Promise<string> {
    const answer = await within(TRAFFIC_MS, this.#answers.next());
    if (answer?.done === false) return answer.value;
    this.#child.kill("SIGKILL");
    throw new TcptopError("failed", "the traffic of the self-test can't be made", "`--debug` shows more");
  }
}

async function within<Result>(milliseconds: number, work: Promise<Result>): Promise<Result | null> {
  const patience = new AbortController();
  const late = sleep(milliseconds, null, { signal: patience.signal }).catch(() => null);
  try {
    return await Promise.race([work, late]);
  } finally {
    patience.abort();
  }
}
