import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { type ConnectionLine, type FrameLines, FrameReader } from "./tcptop-lines.js";

export const TCPTOP: string = fileURLToPath(new URL("../../bin/tcptop", import.meta.url));
const FRAME_MS = 20_000;

/** A running `tcptop -o ndjson`, whose frames are kept from the first on. */
export interface Tcptop {
  readonly pid: number;
  readonly frames: readonly FrameLines[];
  /** Resolves with the first frame whose sample was begun after this call. */
  readonly nextFrame: () => Promise<FrameLines>;
  /** Resolves with the first frame, from now on, for which it holds. */
  readonly frameWhere: (holds: (frame: FrameLines) => boolean, timeoutMs?: number) => Promise<FrameLines>;
  /** All closed rows of all frames. */
  readonly closedRows: () => readonly ConnectionLine[];
  readonly stop: (
    signal?: NodeJS.Signals,
  ) => Promise<{ readonly status: number | null; readonly stderr: string }>;
}

/** Starts the built program; resolves when its first frame is there. */
export async function startTcptop(args: readonly string[] = []): Promise<Tcptop> {
  const child = spawn(TCPTOP, ["-o", "ndjson", "-d", "0.2", ...args], { stdio: ["ignore", "pipe", "pipe"] });
  const frames: FrameLines[] = [];
  const reader = new FrameReader();
  const watchers = new Set<() => void>();
  let stderr = "";
  let hasExited = false;
  const wakeAll = (): void => {
    for (const wake of watchers) wake();
  };
  createInterface({ input: child.stdout }).on("line", (line) => {
    const frame = reader.take(line);
    if (frame === null) return;
    frames.push(frame);
    wakeAll();
  });
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    stderr += chunk;
  });
  const exited = new Promise<number | null>((resolve) => {
    child.once("close", (status) => {
      hasExited = true;
      wakeAll();
      resolve(status);
    });
  });

  const frameFrom = (
    index: number,
    holds: (frame: FrameLines) => boolean,
    timeoutMs: number,
  ): Promise<FrameLines> =>
    new Promise((resolve, reject) => {
      let next = index;
      const settle = (finish: () => void): void => {
        watchers.delete(look);
        clearTimeout(timer);
        finish();
      };
      const look = (): void => {
        for (; next < frames.length; next++) {
          const frame = frames[next];
          if (frame !== undefined && holds(frame)) return settle(() => resolve(frame));
        }
        if (hasExited) settle(() => reject(new Error(`tcptop ended: ${stderr}`)));
      };
      const timer = setTimeout(() => settle(() => reject(new Error(`no such frame; ${stderr}`))), timeoutMs);
      watchers.add(look);
      look();
    });

  await frameFrom(0, () => true, FRAME_MS);
  return {
    pid: child.pid ?? -1,
    frames,
    // The next one may be under way already.
    nextFrame: () => frameFrom(frames.length + 1, () => true, FRAME_MS),
    frameWhere: (holds, timeoutMs = FRAME_MS) => frameFrom(frames.length, holds, timeoutMs),
    closedRows: () => frames.flatMap((frame) => frame.connections.filter((row) => row.closed)),
    stop: async (signal = "SIGINT") => {
      child.kill(signal);
      const status = await exited;
      return { status, stderr };
    },
  };
}
