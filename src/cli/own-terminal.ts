import { canDraw } from "../model/terminal-type.js";
import type { TerminalOptions } from "../tui/terminal/terminal.js";

export type OwnTerminal = Pick<TerminalOptions, "input" | "output">;

/** The terminal that tcptop was started on; null where there is none, or one that can only print. */
export function ownTerminal(): OwnTerminal | null {
  const { stdin: input, stdout: output } = process;
  return input.isTTY && output.isTTY && canDraw(process.env["TERM"]) ? { input, output } : null;
}
