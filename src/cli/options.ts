import { Command, CommanderError } from "commander";
import { TcptopError } from "../model/error.js";
import type { Rung } from "../model/rung.js";
import { RUNGS } from "../model/rung.js";
import { harmless } from "../model/text.js";
import type { OutputFormat } from "../output/sink.js";
import { OUTPUT_FORMATS } from "../output/sink.js";
import type { Filter } from "../view/filter/filter.js";
import { GROUP_BYS, type GroupBy } from "../view/group/grouping.js";
import type { SortOrder } from "./option-values.js";
import {
  parseCount,
  parseFilterOption,
  parseGroupBy,
  parseInterval,
  parseOutput,
  parsePid,
  parseRung,
  parseSort,
  parseUdpTimeout,
  refuseUnfitSort,
} from "./option-values.js";

/** What the user asked of the live view; what was left out is its default. */
export interface Options {
  readonly batch: boolean;
  readonly intervalMs: number;
  /** How many snapshots until the end; null for no end. */
  readonly count: number | null;
  readonly output: OutputFormat;
  /** null: the view's own order. */
  readonly sort: SortOrder | null;
  /** null: everything. */
  readonly filter: Filter | null;
  /** null: connections one by one. */
  readonly groupBy: GroupBy | null;
  readonly pid: number | null;
  /** null: both, as `-4 -6` asks for too. */
  readonly family: 4 | 6 | null;
  /** `--tcp --udp` asks for both, as does neither. */
  readonly proto: "tcp" | "udp" | null;
  readonly udpTimeoutMs: number;
  readonly listening: boolean;
  readonly active: boolean;
  /** null: the best that can be had. */
  readonly rung: Rung | null;
  readonly debug: boolean;
}

/** What the command line asks for: to run, or a text to print to stdout and be done. */
export type Request =
  | { readonly kind: "top"; readonly options: Options }
  | { readonly kind: "help" | "version"; readonly text: string };

/** The option values as commander hands them over; absent is left out. */
interface Given {
  readonly batch?: boolean;
  readonly interval?: number;
  readonly count?: number;
  readonly output?: OutputFormat;
  readonly sort?: SortOrder;
  readonly filter?: Filter;
  readonly groupBy?: GroupBy | "none";
  readonly pid?: number;
  readonly ipv4?: boolean;
  readonly ipv6?: boolean;
  readonly tcp?: boolean;
  readonly udp?: boolean;
  readonly udpTimeout?: number;
  readonly listening?: boolean;
  readonly active?: boolean;
  readonly rung?: Rung;
  readonly debug?: boolean;
}

const SEE_HELP = "see tcptop --help";
const HELP_WIDTH = 100;
const HELP_END =
  "\nExit status: 0 done, 1 failed while running, 2 wrong usage, 3 can't be had on this host.\n";

/**
 * Reads the command line, without node and script. Of an option given twice the last counts.
 * Throws TcptopError "usage" with the option, the value and the mend.
 */
export function parseOptions(argv: readonly string[], version: string): Request {
  const command = createCommand(version);
  try {
    command.parse([...argv], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.code === "commander.helpDisplayed") {
      return { kind: "help", text: `${command.helpInformation()}${HELP_END}` };
    }
    if (error.code === "commander.version") return { kind: "version", text: `tcptop ${version}\n` };
    throw usageError(error);
  }
  const stray = command.args[0];
  if (stray !== undefined) {
    throw new TcptopError(
      "usage",
      `${stray === "" ? '""' : harmless(stray)}: tcptop takes options only`,
      command.opts<Given>().filter === undefined ? SEE_HELP : "put a filter in quotes",
    );
  }
  return { kind: "top", options: withDefaults(command.opts<Given>()) };
}

function createCommand(version: string): Command {
  return (
    new Command("tcptop")
      .usage("[options]")
      .description(
        "top for connections: who owns each TCP and UDP conversation of this host, what it moves, and how fast.",
      )
      .option("-b, --batch", "write lines, also to a terminal")
      .option("-d, --interval <SECONDS>", "time between snapshots, 0.1 to 3600 (default: 1)", parseInterval)
      .option("-n, --count <N>", "end after N snapshots", parseCount)
      .option("-o, --output <FORMAT>", `${OUTPUT_FORMATS.join(", ")} (default: table)`, parseOutput)
      .option(
        "-s, --sort <COLUMN>",
        "sort by a column; COLUMN:asc or COLUMN:desc sets the direction",
        parseSort,
      )
      .option(
        "-f, --filter <EXPR>",
        "only what fits, as in: tcp port 443, rtt > 50ms or tx_rate > 1MB/s; see docs/filter.md",
        parseFilterOption,
      )
      .option(
        "-g, --group-by <KEY>",
        `sums in place of connections: none, ${GROUP_BYS.join(", ")}`,
        parseGroupBy,
      )
      .option("-p, --pid <PID>", "only connections that this process owns", parsePid)
      .option("-4, --ipv4", "only IPv4, also IPv4-mapped IPv6; with -6 both")
      .option("-6, --ipv6", "only IPv6; with -4 both")
      .option("--tcp", "only TCP; with --udp both")
      .option("--udp", "only UDP; with --tcp both")
      .option(
        "--udp-timeout <SECONDS>",
        "end a UDP conversation that moves nothing for so long (default: 60)",
        parseUdpTimeout,
      )
      .option("--listening", "listening sockets in place of connections")
      .option("--active", "only what moved bytes, opened or closed in the interval")
      .option("--rung <NAME>", `force a way to collect: ${RUNGS.join(", ")}`, parseRung)
      .option("--debug", "say everything about an error")
      .version(version, "--version", "show the version")
      .helpOption("-h, --help", "show this help")
      // Refused in parseOptions, in our words.
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

function withDefaults(given: Given): Options {
  const groupBy = given.groupBy === undefined || given.groupBy === "none" ? null : given.groupBy;
  refuseUnfitSort(given.sort ?? null, groupBy);
  return {
    batch: given.batch ?? false,
    intervalMs: given.interval ?? 1000,
    count: given.count ?? null,
    output: given.output ?? "table",
    sort: given.sort ?? null,
    filter: given.filter ?? null,
    groupBy,
    pid: given.pid ?? null,
    family: family(given.ipv4 ?? false, given.ipv6 ?? false),
    proto: proto(given.tcp ?? false, given.udp ?? false),
    udpTimeoutMs: given.udpTimeout ?? 60_000,
    listening: given.listening ?? false,
    active: given.active ?? false,
    rung: given.rung ?? null,
    debug: given.debug ?? false,
  };
}

function family(ipv4: boolean, ipv6: boolean): 4 | 6 | null {
  if (ipv4 === ipv6) return null;
  return ipv4 ? 4 : 6;
}

function proto(tcp: boolean, udp: boolean): "tcp" | "udp" | null {
  if (tcp === udp) return null;
  return tcp ? "tcp" : "udp";
}

/** Commander's complaint in one line of ours. Its texts are stable: "error: unknown option '--x'\n(Did you mean --y?)". */
function usageError({ code, message }: CommanderError): TcptopError {
  const subject = harmless(/'(.*)'/s.exec(message)?.[1] ?? "");
  if (code === "commander.unknownOption") {
    const meant = /\(Did you mean (.*)\?\)$/.exec(message)?.[1];
    return new TcptopError(
      "usage",
      `${subject}: no such option`,
      meant === undefined ? SEE_HELP : `did you mean ${meant}?`,
    );
  }
  if (code === "commander.optionMissingArgument") {
    // The subject is the option's flags: `-d, --interval <SECONDS>`.
    return new TcptopError(
      "usage",
      `${subject.split(/[ ,]/)[0] ?? ""}: its value is missing`,
      `write ${subject}`,
    );
  }
  return new TcptopError("usage", harmless(message.replace(/^error: /, "")), SEE_HELP);
}

function ignore(): void {}
