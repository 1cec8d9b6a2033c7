import type { TerminalOptions } from "../tui/terminal/terminal.js";

export type OwnTerminal = Pick<TerminalOptions, "input" | "output">;

/** The terminal that tcptop was started on; null where there is none, or one that can only print. */
export function ownTerminal(): OwnTerminal | null {
  const { stdin: input, stdout: output } = process;
  return input.isTTY && output.isTTY && process.env["TERM"] !== "dumb" ? { input, output } : null;
}
