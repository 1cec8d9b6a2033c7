import { existsSync } from "node:fs";

import type { NetworkCollector } from "../collect/network-collector.js";
import { TcptopError } from "../model/error.js";
import { harmless } from "../model/text.js";
import type { BatchRequest } from "./batch-request.js";
import type { Config } from "./config-keys.js";
import { unlessCrashed } from "./crash.js";
import { doctor } from "./doctor/doctor.js";
import { AskedToEnd, endingSignal } from "./ending-signal.js";
import { DONE, exitStatus, signalStatus } from "./exit-status.js";
import { forgetLostTerminals } from "./lost-terminals.js";
import { openLeastPrivileged } from "./open-least-privileged.js";
import { type Options, parseOptions, type Request } from "./options.js";
import { type OwnTerminal, ownTerminal } from "./own-terminal.js";
import { packageVersion } from "./package-files.js";
import { selftest } from "./selftest/selftest.js";
import { StandardOutput } from "./standard-output.js";
import { runTop } from "./top.js";

const DEBUG = "--debug";

/** How the collector is come by that the options ask for, unless `stop` tells to end before. */
export type OpenCollector = (options: Options, stop: AbortSignal) => Promise<NetworkCollector>;

/** Does what the command line asks for; resolves to the exit status. */
export async function run(
  argv: readonly string[],
  open: OpenCollector = openLeastPrivileged,
): Promise<number> {
  process.on("exit", forgetLostTerminals);
  // What can't be said to anybody is no reason to end in another way.
  process.stderr.on("error", ignore);
  try {
    return await carryOut(parseOptions(argv, packageVersion()), open);
  } catch (error) {
    return complain(error, argv.includes(DEBUG));
  }
}

async function carryOut(request: Request, open: OpenCollector): Promise<number> {
  switch (request.kind) {
    case "top":
      await top(request.options, open);
      return DONE;
    case "doctor":
      return answering((output, stop) => doctor(request.options, output, stop));
    case "selftest":
      return answering((output, stop) => selftest(request.options, output, stop));
    case "help":
    case "version":
      return printText(request.text);
  }
}

function printText(text: string): Promise<number> {
  return printing(async (output) => {
    await output.write(text);
    return DONE;
  });
}

/** For what takes a while to print once: as `printing`, and asked to end before, it resolves to the status that says so. */
async function answering(
  answer: (output: StandardOutput, stop: AbortSignal) => Promise<number>,
): Promise<number> {
  const { signal: stop } = endingSignal();
  try {
    return await printing((output) => answer(output, stop));
  } catch (error) {
    if (error instanceof AskedToEnd) return signalStatus(error.signal);
    throw error;
  }
}

/** For what prints once: resolves to its exit status, unless that could not be printed. */
async function printing(print: (output: StandardOutput) => Promise<number>): Promise<number> {
  const output = new StandardOutput(process.stdout);
  const status = await unlessCrashed(print(output));
  output.requireWritten();
  return status;
}

/** On a terminal the live view, else lines. */
async function top(options: Options, open: OpenCollector): Promise<void> {
  refuseMissingProcess(options.pid);
  if (options.printConfig) {
    await printText(await settingsText(options));
    return;
  }
  // One frame is not watched, but read: a screen that comes and goes would have to be caught.
  const isLive = !options.batch && options.output === "table" && options.count !== 1;
  const terminal = isLive ? ownTerminal() : null;
  await (terminal === null ? batch(options, open) : live(options, terminal, open));
}

async function settingsText(options: Options): Promise<string> {
  const { printConfig } = await import("./config.js");
  const { config, path } = await settings(options);
  return printConfig(config, path);
}

interface UserSettings {
  readonly config: Config;
  readonly path: string;
}

/** What the user has settled for good; nothing, where that is left out. Only loaded for what goes by it. */
async function settings(options: Pick<Options, "config">): Promise<UserSettings> {
  const { configPath, readConfig } = await import("./config.js");
  const { DEFAULT_CONFIG } = await import("./config-keys.js");
  const path = configPath(process.env);
  return { config: options.config ? readConfig(path) : DEFAULT_CONFIG, path };
}

/** What belongs to the live view is only loaded for it. */
async function live(options: Options, terminal: OwnTerminal, open: OpenCollector): Promise<void> {
  const { liveRequest } = await import("./live-request.js");
  const { runLive } = await import("./live.js");
  const { discardUnread } = await import("../linux/terminal-queue.js");
  const { config } = await settings(options);
  const request = liveRequest(options, config, { ...terminal, discardUnread }, process.env);
  // Before the terminal is taken, which has its own way to end then.
  const stop = endingSignal();
  const collector = await open(options, stop.signal);
  let left: string | null = null;
  try {
    if (!stop.signal.aborted) left = await unlessCrashed(runLive(request, collector));
  } finally {
    collector.close();
  }
  if (left !== null) await printText(left);
}

async function batch(options: Options, open: OpenCollector): Promise<void> {
  const request = await batchRequest(options);
  const stop = endingSignal();
  const output = new StandardOutput(process.stdout, () => stop.abort());
  // Without keys nothing is closed, and nothing is kept for it.
  const collector = await open({ ...options, allowKill: false }, stop.signal);
  try {
    await unlessCrashed(runTop(request, collector, output, stop.signal));
  } finally {
    // After a crash no frame comes any more: the last word is what went wrong.
    stop.abort();
    collector.close();
  }
  output.requireWritten();
}

/** A table is for people, and theirs are the settings; what programs read does not depend on them. */
async function batchRequest(options: Options): Promise<BatchRequest> {
  const { plainBatchRequest, tableRequest } = await import("./batch-request.js");
  if (options.output !== "table" || !options.config) return plainBatchRequest(options);
  const { config, path } = await settings(options);
  return tableRequest(options, config, path);
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
  if (isDebugging) process.stderr.write(`${harmlessLines(`${known.detail ?? ""}\n${known.stack ?? ""}`)}\n`);
  return exitStatus(known.code);
}

function harmlessLines(text: string): string {
  return text.split("\n").map(harmless).join("\n");
}

function unexpected(error: unknown): TcptopError {
  const message = error instanceof Error ? error.message : String(error);
  const stack = error instanceof Error ? (error.stack ?? "") : "";
  return new TcptopError("failed", message, `\`${DEBUG}\` shows where`, { cause: error, detail: stack });
}

function ignore(): void {}
