import { Command } from "commander";

import { TcptopError } from "../../model/error.js";
import type { Rung } from "../../model/rung.js";
import { RUNGS } from "../../model/rung.js";
import { harmless } from "../../model/text.js";
import { answerHelpOf, asFunction, parseWith } from "../commands.js";
import { parseRung } from "../option-values.js";
import type { SelftestOptions } from "./selftest.js";

export const SELFTEST_SUMMARY =
  "move known bytes in every way there is, and hold tcptop's numbers against them";

const OUTPUTS = ["text", "json"] as const;

interface Given {
  readonly output?: SelftestOptions["output"];
  readonly rung?: Rung;
  readonly debug?: boolean;
}

export function selftestCommand(): Command {
  return asFunction(new Command("tcptop selftest"))
    .usage("[options]")
    .description(
      `${SELFTEST_SUMMARY}: in a network namespace of its own, for the rung in use. Exit status 1 when a number or an owner is wrong.`,
    )
    .option("-o, --output <FORMAT>", `${OUTPUTS.join(", ")} (default: text)`, parseOutput)
    .option("--rung <NAME>", `the way to collect: ${RUNGS.join(", ")}`, parseRung)
    .option("--debug", "say everything about an error");
}

/** The words after `tcptop selftest`; a string is a text to print and be done. */
export function parseSelftestOptions(argv: readonly string[]): SelftestOptions | string {
  const command = selftestCommand();
  if (parseWith(command, argv) === "help") return answerHelpOf(command);
  const stray = command.args[0];
  if (stray !== undefined) {
    const word = stray === "" ? '""' : harmless(stray);
    throw new TcptopError(
      "usage",
      `${word}: tcptop selftest takes options only`,
      "see tcptop selftest --help",
    );
  }
  const { output, rung, debug } = command.opts<Given>();
  return { output: output ?? "text", rung: rung ?? null, debug: debug ?? false };
}

function parseOutput(text: string): SelftestOptions["output"] {
  const output = OUTPUTS.find((known) => known === text);
  if (output !== undefined) return output;
  throw new TcptopError("usage", `-o ${harmless(text)}: no such output`, `outputs are ${OUTPUTS.join(", ")}`);
}
