import { constants } from "node:os";

import type { ErrorCode } from "../model/error.js";
import type { EndingSignal } from "./ending-signal.js";

/** Exit status when all went well: also after a signal that asks for the end, where there is no other, and when the reader went away. */
export const DONE = 0;

/** Exit status of what was to give one answer, and was ended by a signal before: as shells have it. */
export function signalStatus(signal: EndingSignal): number {
  return 128 + constants.signals[signal];
}

/** Exit status of a failure. */
export function exitStatus(code: ErrorCode): number {
  switch (code) {
    case "failed":
      return 1;
    case "usage":
      return 2;
    case "unavailable":
      return 3;
  }
}
