import { Command } from "commander";
import { TcptopError } from "../model/error.js";
import type { Rung } from "../model/rung.js";
import { RUNGS } from "../model/rung.js";
import { harmless } from "../model/text.js";
import type { OutputFormat } from "../output/sink.js";
import { OUTPUT_FORMATS } from "../output/sink.js";
import type { WrittenFilter } from "../view/filter/filter.js";
import { GROUP_BYS, type GroupBy } from "../view/group/grouping.js";
import { asFunction, HELP_WIDTH, helpOf, parseWith, strayWord } from "./commands.js";
import type { DoctorOptions } from "./doctor/doctor.js";
import { DOCTOR_SUMMARY, parseDoctorOptions } from "./doctor/options.js";
import { filterHelp } from "./filter-help.js";
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
import { parseSelftestOptions, SELFTEST_SUMMARY } from "./selftest/options.js";
import type { SelftestOptions } from "./selftest/selftest.js";

/** What the user asked of the live view; what was left out is its default. */
export interface Options {
  readonly batch: boolean;
  /** null: the live view's own, or one second. */
  readonly intervalMs: number | null;
  /** How many snapshots until the end; null for no end. */
  readonly count: number | null;
  readonly output: OutputFormat;
  /** null: the view's own order. */
  readonly sort: SortOrder | null;
  /** null: everything. */
  readonly filter: WrittenFilter | null;
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
  readonly allowKill: boolean;
  readonly colors: boolean;
  readonly printConfig: boolean;
  /** Whether the file of settings is read. */
  readonly config: boolean;
  readonly debug: boolean;
}

/** What the command line asks for: to run, or a text to print to stdout and be done. */
export type Request =
  | { readonly kind: "top"; readonly options: Options }
  | { readonly kind: "doctor"; readonly options: DoctorOptions }
  | { readonly kind: "selftest"; readonly options: SelftestOptions }
  | { readonly kind: "help" | "version"; readonly text: string };

/** The option values as commander hands them over; absent is left out. */
interface Given {
  readonly batch?: boolean;
  readonly interval?: number;
  readonly count?: number;
  readonly output?: OutputFormat;
  readonly sort?: SortOrder;
  readonly filter?: WrittenFilter;
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
  readonly allowKill?: boolean;
  readonly color?: boolean;
  readonly printConfig?: boolean;
  readonly config?: boolean;
  readonly debug?: boolean;
}

/** What stands first on the command line in place of options, with what it does; each reads its own options. */
const COMMANDS: readonly Subcommand[] = [
  {
    name: "doctor",
    summary: DOCTOR_SUMMARY,
    parse: (argv) => {
      const options = parseDoctorOptions(argv);
      return typeof options === "string" ? { kind: "help", text: options } : { kind: "doctor", options };
    },
  },
  {
    name: "selftest",
    summary: SELFTEST_SUMMARY,
    parse: (argv) => {
      const options = parseSelftestOptions(argv);
      return typeof options === "string" ? { kind: "help", text: options } : { kind: "selftest", options };
    },
  },
];

interface Subcommand {
  readonly name: string;
  readonly summary: string;
  readonly parse: (argv: readonly string[]) => Request;
}

/**
 * Reads the command line, without node and script. Of an option given twice the last counts.
 * Throws TcptopError "usage" with the option, the value and the mend.
 */
export function parseOptions(argv: readonly string[], version: string): Request {
  const [first, ...rest] = argv;
  const subcommand = COMMANDS.find(({ name }) => name === first);
  if (subcommand !== undefined) return subcommand.parse(rest);
  const command = topCommand(version);
  const asked = parseWith(command, argv);
  if (asked === "help")
    return { kind: "help", text: helpOf(command, commandList() + filterHelp(HELP_WIDTH)) };
  if (asked === "version") return { kind: "version", text: `tcptop ${version}\n` };
  const stray = command.args[0];
  if (stray !== undefined) {
    const isFiltering = command.opts<Given>().filter !== undefined;
    throw isFiltering
      ? looseFilter(stray)
      : strayWord(
          stray,
          COMMANDS.map(({ name }) => name),
        );
  }
  return { kind: "top", options: withDefaults(command.opts<Given>()) };
}

function commandList(): string {
  const lines = COMMANDS.map(({ name, summary }) => `  tcptop ${name.padEnd(10)} ${summary}\n`);
  return `\nCommands, each with its own --help:\n${lines.join("")}`;
}

function looseFilter(stray: string): TcptopError {
  const word = stray === "" ? '""' : harmless(stray);
  return new TcptopError("usage", `${word}: tcptop takes options only`, "put a filter in quotes");
}

export function topCommand(version: string): Command {
  return asFunction(new Command("tcptop"))
    .usage("[options]\n       tcptop COMMAND [options]")
    .description(
      "top for connections: who owns each TCP and UDP conversation of this host, what it moves, and how fast.",
    )
    .option("-b, --batch", "write lines, also to a terminal")
    .option("-d, --interval <SECONDS>", "time between snapshots, 0.1 to 3600 (default: 1)", parseInterval)
    .option(
      "-n, --count <N>",
      "end after N snapshots, and leave the last; 1 is written as with -b",
      parseCount,
    )
    .option("-o, --output <FORMAT>", `${OUTPUT_FORMATS.join(", ")} (default: table)`, parseOutput)
    .option(
      "-s, --sort <COLUMN>",
      "sort by a column; COLUMN:asc or COLUMN:desc sets the direction",
      parseSort,
    )
    .option(
      "-f, --filter <EXPR>",
      "only what fits, as in: tcp port 443, rtt > 50ms or tx_rate > 1MB/s (see below)",
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
    .option("--allow-kill", "let the key K of the live view close connections")
    .option("--no-color", "no colours in the live view")
    .option("--print-config", "print the settings of the live view and of tables, as a file that gives them")
    .option("--no-config", "leave that file out (ndjson and csv never take anything from it)")
    .option("--debug", "say everything about an error")
    .version(version, "--version", "show the version");
}

function withDefaults(given: Given): Options {
  const groupBy = given.groupBy === undefined || given.groupBy === "none" ? null : given.groupBy;
  refuseUnfitSort(given.sort ?? null, groupBy);
  return {
    batch: given.batch ?? false,
    intervalMs: given.interval ?? null,
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
    allowKill: given.allowKill ?? false,
    colors: given.color ?? true,
    printConfig: given.printConfig ?? false,
    config: given.config ?? true,
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
