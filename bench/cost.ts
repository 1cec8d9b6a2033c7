import { execFile } from "node:child_process";

import { buildProgram } from "./c-program.js";
import { tie } from "./child.js";

/** What one run took, in ms; CPU time is that of all threads, user and system. */
export interface Cost {
  readonly wallMs: number;
  readonly cpuMs: number;
}

/** The cost of something in this process, which must do nothing else meanwhile. */
export async function costOf<Result>(
  action: () => Result | Promise<Result>,
): Promise<{ readonly result: Result; readonly cost: Cost }> {
  const cpuBefore = process.cpuUsage();
  const begunMs = performance.now();
  const result = await action();
  const wallMs = performance.now() - begunMs;
  const { user, system } = process.cpuUsage(cpuBefore);
  return { result, cost: { wallMs, cpuMs: (user + system) / 1000 } };
}

/** Runs programs to their end, and tells what they cost: processes start from a small one, as from a shell. */
export class CommandTimer {
  readonly #program = buildProgram("timed");

  /** The whole cost of a command, its output discarded. */
  async whole(command: readonly string[]): Promise<Cost> {
    const [wallUs = 0, cpuUs = 0] = await this.#run(["whole", ...command]);
    return { wallMs: wallUs / 1000, cpuMs: cpuUs / 1000 };
  }

  /** From its start to the first byte of its output, in ms. */
  async firstByteMs(command: readonly string[]): Promise<number> {
    const [wallUs = 0] = await this.#run(["first", ...command]);
    return wallUs / 1000;
  }

  #run(args: readonly string[]): Promise<readonly number[]> {
    return new Promise((resolve, reject) => {
      const child = execFile(this.#program, args, (error, output) => {
        if (error === null) resolve(output.split(" ").map(Number));
        else reject(error);
      });
      tie(child);
    });
  }
}
