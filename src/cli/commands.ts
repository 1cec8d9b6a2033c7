import { type Command, CommanderError } from "commander";

import { TcptopError } from "../model/error.js";
import { nearestNames } from "../model/nearest-names.js";
import { harmless } from "../model/text.js";

export const HELP_WIDTH = 100;
const HELP_END =
  "\nExit status: 0 done, 1 failed while running, 2 wrong usage, 3 can't be had on this host.\n";

/** What commander is given and says, in the same way for tcptop itself and for its commands. */
export function asFunction(command: Command): Command {
  return (
    command
      .helpOption("-h, --help", "show this help")
      // Refused by the caller, in our words.
      .allowExcessArguments(true)
      // Printing and leaving is for the caller: this is a function.
      .exitOverride()
      .configureOutput({
        writeOut: ignore,
        writeErr: ignore,
        outputError: ignore,
        getOutHelpWidth: () => HELP_WIDTH,
        getErrHelpWidth: () => HELP_WIDTH,
        getOutHasColors: () => false,
        getErrHasColors: () => false,
      })
  );
}

/**
 * Reads the options into `command`, and returns "help" or "version" where that was asked for.
 * @throws TcptopError `usage`.
 */
export function parseWith(command: Command, argv: readonly string[]): "help" | "version" | "options" {
  try {
    command.parse([...argv], { from: "user" });
    return "options";
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.code === "commander.helpDisplayed") return "help";
    if (error.code === "commander.version") return "version";
    throw usageError(error, `see ${command.name()} --help`);
  }
}

/** As `helpOf`, of a command that gives one answer. */
export function answerHelpOf(command: Command): string {
  return helpOf(command).replace(
    /\.\n$/,
    ",\n130 or 143 ended by SIGINT or SIGTERM before there was an answer.\n",
  );
}

export function helpOf(command: Command, more = ""): string {
  return `${command.helpInformation()}${more}${HELP_END}`;
}

/** A word that is no option: a slip in a command's name, or one that came too late. */
export function strayWord(word: string, commands: readonly string[]): TcptopError {
  const shown = word === "" ? '""' : harmless(word);
  if (commands.includes(word)) {
    return new TcptopError("usage", `${shown}: a command comes first`, `write tcptop ${word}`);
  }
  const near = nearestNames(word, commands);
  const mend = near.length > 0 && word !== "" ? `did you mean ${near.join(" or ")}?` : "see tcptop --help";
  return new TcptopError("usage", `${shown}: tcptop has no such command`, mend);
}

/** Commander's complaint in one line of ours. Its texts are stable: "error: unknown option '--x'\n(Did you mean --y?)". */
function usageError({ code, message }: CommanderError, seeHelp: string): TcptopError {
  const subject = harmless(/'(.*)'/s.exec(message)?.[1] ?? "");
  if (code === "commander.unknownOption") {
    const meant = /\(Did you mean (.*)\?\)$/.exec(message)?.[1];
    const mend = meant === undefined ? seeHelp : `did you mean ${meant}?`;
    return new TcptopError("usage", `${subject}: no such option`, mend);
  }
  if (code === "commander.optionMissingArgument") {
    // The subject is the option's flags: `-d, --interval <SECONDS>`.
    const option = subject.split(/[ ,]/)[0] ?? "";
    return new TcptopError("usage", `${option}: its value is missing`, `write ${subject}`);
  }
  return new TcptopError("usage", harmless(message.replace(/^error: /, "")), seeHelp);
}

function ignore(): void {}
