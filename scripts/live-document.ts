import { TABLE_SETTINGS } from "../src/cli/batch-request.js";
import { CONFIG_KEYS, DEFAULT_CONFIG } from "../src/cli/config-keys.js";
import { shownKey } from "../src/tui/draw/hints.js";
import { KEY_TABLE, type KeyBinding } from "../src/tui/live/key-table.js";
import { code, markdownTable } from "./markdown.js";

const INTRODUCTION = `# The live view

<!-- Written by scripts/generate-docs.ts from src/tui/live/key-table.ts and src/cli/config-keys.ts; do not edit. -->

\`tcptop\` on a terminal, without \`--batch\`, \`-o\` or a pipe.

![tcptop on a terminal](screenshot.svg)

**The header**: the host, the rung that counts, the interval; connections by state; what is sent and received now, how many segments are sent again, what
was moved since the start; what tcptop itself takes, and what it had to leave out. At its right what was received (upwards) and sent (downwards), two
samples to a character, the newest beside the scale.

**The table** has the busiest connections first. Process, remote end and rates come before all; a further column is shown only where those before it are
not cut for it, so a wide terminal says more. UDP has no states: STATE says \`udp\` there, and UNCONN of a socket without a fixed peer.
LIMITED is why a connection is not faster ([accuracy.md](accuracy.md#what-a-connection-is-limited-by)); where it has no room, STATE/WHY has its word in
place of ESTABLISHED. Rates are coloured from 1 and from 100 Mbit/s, states by what they mean, RETR while something is sent again. Names are bold of what
moves. Connections that ended stay for 5 seconds, dimmed, with how they ended.
Columns grow at once with what they show, and shrink when nothing has needed their width for ten samples: what stands right of them does not jump.

A first minute:

1. Down, or a click, chooses a connection: from then on the selection stays with it, wherever it goes, and comes back to it from a filter, groups or
   listening sockets. \`g\` goes back to the top.
2. Enter looks closer: what it is limited by and what shows that, all owners, command line, user, container, the history of its rates and of its round trip,
   from when it came on the screen.
3. \`t\` sums up by process, then by remote host, port, container, user, state; Space opens a group. Its sums stand in the same columns; its RTT is the median.
4. \`f\` asks for a filter ([filter.md](filter.md)); Tab completes, or says what there is to choose from. \`y\` prints one that matches the chosen row, to be used with \`-f\`.
5. \`p\` holds the numbers, charts and all, and \`.\` goes on to what is now; \`o\` holds only the order of the rows.
6. \`m\` shows both ends of what stays within a network namespace as one row (of UDP, where both ends are bound to their addresses), \`l\` listening sockets with
   their accept queues, which groups sum up, the fullest first, \`D\` remote hosts by their names, of \`/etc/hosts\` or DNS: nothing waits for them.
7. \`S\` writes what is shown to a new file of the working folder, or, where it may not write there, of that for temporary files, and says where.
8. \`K\`, with \`--allow-kill\`, asks first, and names the connection: that one is closed after \`y\`, wherever its row has gone meanwhile. It stays its owner's.
   A UDP socket is only disconnected, and stays open: more the kernel does not do.

When the kernel does not answer the header says \`stalled\`, and keys still work. Ctrl-Z, a signal, a crash, a terminal that is gone: it is given back as it was.
Colours are those that the terminal has (16, 256, 24 bits; none with \`NO_COLOR\` or \`--no-color\`), for the background that it says it has. Without UTF-8
all is ASCII, charts too. On a terminal that can only print (\`TERM\` is dumb, unknown or not set)
tcptop writes lines.`;

const MOUSE = `The mouse: a click on a title sorts, on a row chooses it, on the chosen row looks closer; in a menu it shows, hides or sorts, beside the menu it
closes that; on a key's name in the last line it does what the key does. The wheel scrolls rows, menus and pages. No click closes a connection.
Most terminals mark text, as without tcptop, while Shift is held.`;

const SETTINGS = `## Settings

\`$XDG_CONFIG_HOME/tcptop/config.toml\`, else \`~/.config/tcptop/config.toml\`. Options go before it, \`--no-config\` leaves it out. A mistake in it is told
in one line, with its place, and nothing is shown instead of something else than was asked for: exit status 2.

**Tables that \`--batch\` writes** (a pipe, \`-n 1\`) take ${TABLE_SETTINGS.slice(0, -1).map(code).join(", ")} and ${code(TABLE_SETTINGS.at(-1) ?? "")} from
it, as a table is for people: who has said which columns matter, and which rows come first, means reports, too. So that no report of a cron job changes without
a word, such a table ends with a line that names the file and what it took from there, and a job that is to be the same whatever people settle gives
\`--no-config\`. The other settings drive a screen, or would make other rows: for these there is \`-g\`.

**\`ndjson\` and \`csv\`** take nothing from it, not even the interval or the order, and it is not even read: their columns are a contract
([columns.md](columns.md)), and what programs read depends on the command line alone.

\`tcptop --print-config\` prints what is set, as such a file; columns that nobody has set are a comment there:`;

/** docs/live.md, from the tables that the view itself takes its keys and settings from. */
export function liveDocument(): string {
  const sections = [...new Set(KEY_TABLE.map(({ section }) => section))];
  const keys = sections.flatMap((section) =>
    KEY_TABLE.filter((binding) => binding.section === section).map((binding) => keyCells(section, binding)),
  );
  const settings = CONFIG_KEYS.map((key) => `# ${key.doc}\n${key.print(DEFAULT_CONFIG)}`).join("\n\n");
  const parts = [
    INTRODUCTION,
    "## Keys",
    markdownTable(["", "Key", "What it does", "In the settings"], keys),
    MOUSE,
    SETTINGS,
    `\`\`\`toml\n${settings}\n\`\`\``,
  ];
  return `${parts.join("\n\n")}\n`;
}

function keyCells(section: string, { keys, doc, command }: KeyBinding): readonly string[] {
  return [section, keys.map((key) => code(shownKey(key))).join(" "), doc, code(command)];
}
