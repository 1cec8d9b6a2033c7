import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { onTestFinished } from "vitest";

/** Enough to read this checkout, wherever it is: not to look at other users' processes. */
export function asNobody(): readonly string[] {
  const sets = ["inh-caps", "ambient-caps", "bounding-set"].map((set) => `--${set}=-all,+dac_read_search`);
  return ["--reuid=65534", "--regid=65534", "--clear-groups", ...sets];
}

/** A process that listens until the test is over. */
export async function serverOfTest(
  command: string,
  args: readonly string[],
): Promise<{ readonly pid: number; readonly port: number }> {
  const listen = `require("net").createServer().listen(0, "127.0.0.1", function () {
    console.log(process.pid + " " + this.address().port);
  })`;
  const child = spawn(command, [...args, process.execPath, "-e", listen], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const [pid, port] = line.split(" ").map(Number);
    if (pid !== undefined && port !== undefined) return { pid, port };
  }
  throw new Error(`${command} did not listen`);
}
