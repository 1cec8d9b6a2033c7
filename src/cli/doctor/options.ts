import { Command } from "commander";

import { TcptopError } from "../../model/error.js";
import { harmless } from "../../model/text.js";
import { answerHelpOf, asFunction, parseWith } from "../commands.js";
import type { DoctorOptions } from "./doctor.js";

export const DOCTOR_SUMMARY = "say how tcptop can collect on this host, and why not better";

const OUTPUTS = ["text", "json"] as const;

export function doctorCommand(): Command {
  return asFunction(new Command("tcptop doctor"))
    .usage("[options]")
    .description(`${DOCTOR_SUMMARY}: each rung is opened and closed again.`)
    .option("-o, --output <FORMAT>", `${OUTPUTS.join(", ")} (default: text)`, parseOutput)
    .option("--debug", "say everything about an error");
}

/** The words after `tcptop doctor`; a string is a text to print and be done. */
export function parseDoctorOptions(argv: readonly string[]): DoctorOptions | string {
  const command = doctorCommand();
  if (parseWith(command, argv) === "help") return answerHelpOf(command);
  const stray = command.args[0];
  if (stray !== undefined) {
    const word = stray === "" ? '""' : harmless(stray);
    throw new TcptopError("usage", `${word}: tcptop doctor takes options only`, "see tcptop doctor --help");
  }
  const { output } = command.opts<{ readonly output?: DoctorOptions["output"] }>();
  return { output: output ?? "text" };
}

function parseOutput(text: string): DoctorOptions["output"] {
  const output = OUTPUTS.find((known) => known === text);
  if (output !== undefined) return output;
  throw new TcptopError("usage", `-o ${harmless(text)}: no such output`, `outputs are ${OUTPUTS.join(", ")}`);
}
