import type { ErrorCode } from "../model/error.js";

/** Exit status when all went well: also after a signal that asks for the end, and when the reader went away. */
export const DONE = 0;

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
