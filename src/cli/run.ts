import { existsSync } from "node:fs";

import type { NetworkCollector } from "../collect/network-collector.js";
import { TcptopError } from "../model/error.js";
import { harmless } from "../model/text.js";
import { doctor } from "./doctor/doctor.js";
import { DONE, exitStatus } from "./exit-status.js";
import { openLeastPrivileged } from "./open-least-privileged.js";
import { type Options, parseOptions } from "./options.js";
import { type OwnTerminal, ownTerminal } from "./own-terminal.js";
import { packageVersion } from "./package-files.js";
import { selftest } from "./selftest/selftest.js";
import { StandardOutput } from "./standard-output.js";
import { runTop } from "./top.js";

const DEBUG = "--debug";
const ENDING_SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** How the collector is come by that the options ask for. */
export type OpenCollector = (options: Options) => Promise<NetworkCollector>;

/** Does what the command line asks for; resolves to the exit status. */
export async function run(
  argv: readonly string[],
  open: OpenCollector = openLeastPrivileged,
): Promise<number> {
  try {
    const request = parseOptions(argv, packageVersion());
    switch (request.kind) {
      case "top":
        await top(request.options, open);
        return DONE;
      case "doctor":
        return await doctor(request.options, new StandardOutput(process.stdout, ignore));
      case "selftest":
        return await selftest(request.options, new StandardOutput(process.stdout, ignore));
      case "help":
      case "version":
        await new StandardOutput(process.stdout, ignore).write(request.text);
        return DONE;
    }
  } catch (error) {
    return complain(error, argv.includes(DEBUG));
  }
}

/** On a terminal the live view, else lines. */
async function top(options: Options, open: OpenCollector): Promise<void> {
  refuseMissingProcess(options.pid);
  if (options.printConfig) return printSettings();
  const terminal = options.batch || options.output !== "table" ? null : ownTerminal();
  return terminal === null ? batch(options, open) : live(options, terminal, open);
}

async function printSettings(): Promise<void> {
  const { configPath, printConfig, readConfig } = await import("./config.js");
  const path = configPath(process.env);
  await new StandardOutput(process.stdout, ignore).write(printConfig(readConfig(path), path));
}

/** What belongs to the live view is only loaded for it. */
async function live(options: Options, terminal: OwnTerminal, open: OpenCollector): Promise<void> {
  const { configPath, readConfig } = await import("./config.js");
  const { liveRequest } = await import("./live-request.js");
  const { runLive } = await import("./live.js");
  const request = liveRequest(options, readConfig(configPath(process.env)), terminal, process.env);
  const collector = await open(options);
  try {
    await runLive(request, collector);
  } finally {
    collector.close();
  }
}

async function batch(options: Options, open: OpenCollector): Promise<void> {
  const stop = new AbortController();
  const end = () => stop.abort();
  const output = new StandardOutput(process.stdout, end);
  for (const signal of ENDING_SIGNALS) process.on(signal, end);
  const collector = await open(options);
  try {
    await runTop(options, collector, output, stop.signal);
  } finally {
    collector.close();
  }
  if (output.failure !== null) {
    throw new TcptopError("failed", `can't write to stdout: ${output.failure.message}`, "", {
      cause: output.failure,
    });
  }
}

/** A process that is not there would be waited for in vain; elsewhere than on Linux there is no telling. */
function refuseMissingProcess(pid: number | null): void {
  if (pid === null || process.platform !== "linux" || existsSync(`/proc/${pid}`)) return;
  throw new TcptopError("usage", `-p ${pid}: there is no such process`, "`ps -e` lists those that there are");
}

/** One line on stderr, with a picture where there is one, all of it with --debug; returns the exit status. */
function complain(error: unknown, isDebugging: boolean): number {
  const known = error instanceof TcptopError ? error : unexpected(error);
  process.stderr.write(`tcptop: ${harmless(known.oneLine())}\n`);
  for (const line of known.picture) process.stderr.write(`  ${line}\n`);
  if (isDebugging) process.stderr.write(`${known.detail ?? ""}\n${known.stack ?? ""}\n`);
  return exitStatus(known.code);
}

function unexpected(error: unknown): TcptopError {
  const message = error instanceof Error ? error.message : String(error);
  const stack = error instanceof Error ? (error.stack ?? "") : "";
  return new TcptopError("failed", message, `\`${DEBUG}\` shows where`, { cause: error, detail: stack });
}

function ignore(): void {}
