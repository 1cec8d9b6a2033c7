import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { withForcedRung } from "./forced-rung.js";
import { type ConnectionLine, FrameHistory, type FrameLines, FrameReader } from "./tcptop-lines.js";

export const TCPTOP: string = fileURLToPath(new URL("../../bin/tcptop", import.meta.url));
const FRAME_MS = 20_000;
const END_MS = 10_000;

/** A running `tcptop -o ndjson`, whose frames are kept from the first on. */
export interface Tcptop {
  readonly pid: number;
  readonly frames: readonly FrameLines[];
  /** The first frame that shows a sample: on a busy host one may come before it that has nothing but that it waits. */
  readonly firstSample: () => Promise<FrameLines>;
  /** Resolves with the first frame whose sample was begun after this call. */
  readonly nextFrame: () => Promise<FrameLines>;
  /** Resolves with the first frame, from now on, for which it holds. */
  readonly frameWhere: (holds: (frame: FrameLines) => boolean, timeoutMs?: number) => Promise<FrameLines>;
  /** All closed rows of all frames. */
  readonly closedRows: () => readonly ConnectionLine[];
  /** Sends a signal and resolves when it has ended; rejects, and kills it, when that takes longer than `withinMs`. */
  readonly stop: (
    signal?: NodeJS.Signals,
    withinMs?: number,
  ) => Promise<{ readonly status: number | null; readonly stderr: string }>;
  /** Makes sure that it has ended. */
  readonly end: () => Promise<void>;
}

/** A command in front, as `["ip", "netns", "exec", name]`: it must become tcptop, not start it. */
export type Wrapper = readonly string[];

/** Starts the built program, with the rung of TCPTOP_TEST_RUNG; resolves when its first sample has been shown. */
export async function startTcptop(args: readonly string[] = [], wrapper: Wrapper = []): Promise<Tcptop> {
  const tcptop = launchTcptop(args, wrapper);
  try {
    await tcptop.firstSample();
    return tcptop;
  } catch (error) {
    await tcptop.end();
    throw error;
  }
}

/** Starts the built program, with the rung of TCPTOP_TEST_RUNG, and waits for nothing. */
export function launchTcptop(args: readonly string[] = [], wrapper: Wrapper = []): Tcptop {
  const ownWords = ["-o", "ndjson", "-d", "0.2", ...withForcedRung(args)];
  const [command = TCPTOP, ...words] = [...wrapper, TCPTOP, ...ownWords];
  const child = spawn(command, words, { stdio: ["ignore", "pipe", "pipe"] });
  const history = new FrameHistory();
  const { frames } = history;
  const reader = new FrameReader();
  const watchers = new Set<() => void>();
  let stderr = "";
  let hasExited = false;
  const wakeAll = (): void => {
    for (const wake of watchers) wake();
  };
  // Only whole lines: a tcptop that is told to end leaves when its reader is too slow.
  let rest = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      const frame = reader.take(line);
      if (frame !== null) history.add(frame);
    }
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
          if (frame === undefined || !holds(frame)) continue;
          settle(() => resolve(frame));
          return;
        }
        if (hasExited) settle(() => reject(new Error(`tcptop ended: ${stderr}`)));
      };
      const timer = setTimeout(
        () =>
          settle(() =>
            reject(new Error(`no such frame within ${timeoutMs} ms; there are ${frames.length}; ${stderr}`)),
          ),
        timeoutMs,
      );
      watchers.add(look);
      look();
    });

  const stop: Tcptop["stop"] = async (signal = "SIGINT", withinMs = END_MS) => {
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = !hasExited && child.kill("SIGKILL");
    }, withinMs);
    child.kill(signal);
    const status = await exited;
    clearTimeout(timer);
    if (isLate) throw new Error(`tcptop had not ended ${withinMs} ms after ${signal}`);
    return { status, stderr };
  };

  return {
    pid: child.pid ?? -1,
    frames,
    firstSample: () => frameFrom(0, showsSample, FRAME_MS),
    nextFrame: () => frameFrom(frames.length, isBegunAfter(Date.now()), FRAME_MS),
    frameWhere: (holds, timeoutMs = FRAME_MS) => frameFrom(frames.length, holds, timeoutMs),
    closedRows: () => history.closedRows,
    stop,
    end: async () => {
      if (!hasExited) await stop();
    },
  };
}

/** While the kernel does not answer, the last sample is shown again. */
function showsSample({ summary }: FrameLines): boolean {
  return summary.stalled !== "the kernel does not answer";
}

/**
 * A frame's time is that of its sample's end, so the frame after the first that ended later was begun later. Not told by
 * counting frames: some may be on their way.
 */
function isBegunAfter(timeMs: number): (frame: FrameLines) => boolean {
  let hasEndedAfter = false;
  return (frame) => {
    if (!showsSample(frame)) return false;
    const isBegunLater = hasEndedAfter;
    hasEndedAfter ||= Date.parse(frame.summary.time) >= timeMs;
    return isBegunLater;
  };
}
