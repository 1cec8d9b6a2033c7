import type { Command } from "commander";

import { TABLE_SETTINGS } from "../src/cli/batch-request.js";
import { CONFIG_KEYS } from "../src/cli/config-keys.js";
import { doctorCommand } from "../src/cli/doctor/options.js";
import { topCommand } from "../src/cli/options.js";
import { selftestCommand } from "../src/cli/selftest/options.js";
import { KEY_TABLE } from "../src/tui/live/key-table.js";
import { filterSections } from "./man-filters.js";
import { entry, roff } from "./roff.js";

/** docs/tcptop.1, from what the command line itself is read by. */
export function manPage(): string {
  const top = topCommand("");
  const commands = [doctorCommand(), selftestCommand()];
  return `${[
    '.\\" Written by scripts/generate-docs.ts from the options themselves; do not edit.',
    ".TH TCPTOP 1",
    ".SH NAME",
    "tcptop \\- top for connections",
    ".SH SYNOPSIS",
    ".B tcptop",
    "[\\fIoptions\\fR]",
    ...commands.flatMap((command) => [".br", `.B ${roff(command.name())}`, "[\\fIoptions\\fR]"]),
    ".SH DESCRIPTION",
    roff(DESCRIPTION),
    ".SH OPTIONS",
    ...optionsOf(top),
    ".SH COMMANDS",
    ...commands.flatMap((command) => [
      `.SS ${roff(command.name())}`,
      roff(capital(sentence(command.description()))),
      ...optionsOf(command),
    ]),
    ...filterSections(),
    ".SH KEYS",
    ...KEY_TABLE.flatMap(({ keys, doc }) => entry(keys.map(roff).join(", "), roff(sentence(doc)))),
    ".SH FILES",
    ...entry(
      "\\fI$XDG_CONFIG_HOME/tcptop/config.toml\\fR, else \\fI~/.config/tcptop/config.toml\\fR",
      roff(CONFIG),
    ),
    ".RS",
    ...CONFIG_KEYS.flatMap(({ name, doc }) => entry(`\\fB${roff(name)}\\fR`, roff(doc))),
    ".RE",
    ".SH ENVIRONMENT",
    ...ENVIRONMENT.flatMap(([name, doc]) => entry(`\\fB${roff(name)}\\fR`, roff(doc))),
    ".SH EXIT STATUS",
    ...EXIT_STATUSES.flatMap(([status, doc]) => entry(`\\fB${status}\\fR`, roff(doc))),
    ".SH EXAMPLES",
    ...EXAMPLES.flatMap(([command, doc]) => entry(`\\fB${roff(command)}\\fR`, roff(doc))),
    ".SH SEE ALSO",
    ".BR ss (8),",
    ".BR tcpdump (8),",
    ".BR capabilities (7)",
  ].join("\n")}\n`;
}

const DESCRIPTION =
  "Shows, for every TCP and UDP conversation of a Linux host and of every network namespace in it, who owns it, what it moves, how fast, how far away the other end is and in what state it is. On a terminal it is live; else, and with --batch, it writes lines. It reads the kernel's own counters with eBPF where it can, and by netlink or from /proc where it can't; which of these it is, the rung, it says.";
const CONFIG = `Settings in TOML; tcptop --print-config writes them all, with what they are for. Options go before them. The live view takes all of them; a table that --batch writes takes ${TABLE_SETTINGS.join(", ")}, and then ends with a line that says which of them it took, and from where. The outputs ndjson and csv take none: what programs read depends on the command line alone. A file with a mistake is refused with status 2 by what would take something from it. --no-config leaves it out.`;
const ENVIRONMENT = [
  ["NO_COLOR", "If it is set to anything, the live view has no colours."],
  [
    "COLORTERM, TERM",
    "How many colours the terminal has; where TERM is dumb, unknown or not set there is no live view, but lines.",
  ],
  ["LC_ALL, LC_CTYPE, LANG", "Whether the terminal can show more than ASCII: a locale of UTF-8."],
] as const;
const EXIT_STATUSES = [
  [
    0,
    "Done: also after a signal that asks tcptop itself for the end, and when the reader of a pipe has gone.",
  ],
  [1, "It failed while running; tcptop selftest: a number or an owner is wrong."],
  [2, "Wrong usage."],
  [3, "What was asked for can't be had on this host: a rung that was forced, or any rung at all."],
  [
    "129, 130, 131, 138, 140, 143",
    "tcptop doctor and tcptop selftest: ended by a signal (128 and its number) before there was an answer.",
  ],
] as const;
const EXAMPLES = [
  ["tcptop", "Look."],
  [
    "tcptop -b -n 1 -s tx_bytes",
    "One table, what has sent most first. Rates need an interval: they are there from the second snapshot on.",
  ],
  ["tcptop -f 'port 443 and rtt > 50ms'", "Slow round trips of HTTPS."],
  ["tcptop -o ndjson -d 10 | jq .", "For a program, every ten seconds."],
  ["tcptop -b -g process", "What each process moves."],
] as const;

function optionsOf(command: Command): readonly string[] {
  return command.options.flatMap(({ flags, description }) =>
    entry(flagsText(flags), roff(sentence(description.replace("see below", "see FILTERS")))),
  );
}

/** `-d, --interval <SECONDS>`: the names bold, the value in italics. */
function flagsText(flags: string): string {
  const [, names = "", value] = /^([^<]*?)(?: <(\w+)>)?$/.exec(flags) ?? [];
  const bold = names
    .split(", ")
    .map((name) => `\\fB${roff(name)}\\fR`)
    .join(", ");
  return value === undefined ? bold : `${bold} \\fI${roff(value)}\\fR`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function sentence(text: string): string {
  return text.endsWith(".") ? text : `${text}.`;
}
