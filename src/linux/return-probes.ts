// Return probes that are told how many calls to follow at a time. Those that libbpf makes follow as many as there are CPUs
// (kretprobe's `maxactive`, before 6.1), and see no end of a call that begins while so many wait: in sendmsg() for room.
import { closeSync, openSync, readFileSync, writeSync } from "node:fs";
import { join } from "node:path";

import { openTracepointEvent } from "./libc.js";
import { withTraceFilesystem } from "./trace-filesystem.js";

const GROUP = "tcptop";
/** KRETPROBE_MAXACTIVE_MAX (kernel/trace/trace_kprobe.c): each costs some 100 bytes. */
const CALLS_AT_A_TIME = 4096;
/** A line of kprobe_events: "r4096:tcptop/udp_sendmsg_123_1 udp_sendmsg". */
const DEFINITION = new RegExp(`^[pr]\\d*:(${GROUP}/\\w+_(\\d+)_\\d+) `);

/** Tells apart what several collectors of this process define. */
let defined = 0;

/** The trace events of this process that are return probes. They outlive it unless they are removed. */
export class ReturnProbes {
  /** kprobe_events: what is written there defines events, and removes them. */
  #definitions: number | null = null;
  readonly #names: string[] = [];

  /**
   * Probes the returns of a kernel function. The result is a perf event to attach a program to.
   * @throws when the kernel does not allow it.
   */
  open(kernelFunction: string): number {
    return withTraceFilesystem((folder) => {
      const definitions = this.#open(folder);
      defined += 1;
      const name = `${GROUP}/${kernelFunction}_${process.pid}_${defined}`;
      writeSync(definitions, `r${CALLS_AT_A_TIME}:${name} ${kernelFunction}\n`);
      this.#names.push(name);
      return openTracepointEvent(Number(readFileSync(join(folder, "events", name, "id"), "utf8")));
    });
  }

  /** To be called when no program is attached to them any more. */
  close(): void {
    if (this.#definitions === null) return;
    for (const name of this.#names) remove(this.#definitions, name);
    closeSync(this.#definitions);
    this.#definitions = null;
  }

  #open(folder: string): number {
    if (this.#definitions !== null) return this.#definitions;
    const path = join(folder, "kprobe_events");
    // Append: without, it would remove all events of everybody.
    this.#definitions = openSync(path, "a");
    for (const name of leftBehind(readFileSync(path, "utf8"))) remove(this.#definitions, name);
    return this.#definitions;
  }
}

/** Of processes that were killed. */
function leftBehind(definitions: string): readonly string[] {
  return definitions.split("\n").flatMap((line) => {
    const [, name, pid] = DEFINITION.exec(line) ?? [];
    return name === undefined || isAlive(Number(pid)) ? [] : [name];
  });
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** One that is in use stays: its process may be in another pid namespace. */
function remove(definitions: number, name: string): void {
  try {
    writeSync(definitions, `-:${name}\n`);
  } catch {
    // In use, or gone by now.
  }
}
