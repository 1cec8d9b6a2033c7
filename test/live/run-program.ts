import { spawn } from "node:child_process";

/** How a program ended, and what it said. */
export interface Ended {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** An emulated kernel on a busy machine takes half a minute for a start, and a second one after a choice that fell. */
const END_MS = 50_000;

/** Runs a program to its end; killed when that takes too long. stdout can be a file descriptor: then it is not read. */
export function runProgram(
  command: string,
  args: readonly string[],
  options: { readonly stdout?: number; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      stdio: ["ignore", options.stdout ?? "pipe", "pipe"],
      env: { ...process.env, ...options.env },
      timeout: END_MS,
      killSignal: "SIGKILL",
    });
    const said = { stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"] as const) {
      child[name]?.setEncoding("utf8").on("data", (text: string) => {
        said[name] += text;
      });
    }
    child.once("error", reject);
    child.once("close", (status, signal) => resolve({ status, signal, ...said }));
  });
}
