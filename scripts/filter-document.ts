import type { Column } from "../src/model/column.js";
import { COLUMNS } from "../src/model/columns.js";
import { PORT_NAMES, portOfName } from "../src/model/port-names.js";
import { FIELDS } from "../src/view/filter/fields.js";
import { MAX_LENGTH } from "../src/view/filter/lexer.js";
import { operatorsOf } from "../src/view/filter/operand.js";
import { MAX_DEPTH, parseFilter } from "../src/view/filter/parse.js";
import { printFilter } from "../src/view/filter/print.js";
import { unitNames } from "../src/view/filter/quantity.js";
import { SHORT_FORMS, type ShortForm } from "../src/view/filter/short-forms.js";
import { code, markdownTable } from "./markdown.js";

/** What can be asked of a column, and what that means; in backticks what is typed. */
export const OPERATOR_DOCS: readonly (readonly [operators: string, meaning: string])[] = [
  ["`=` (`==`), `!=`", "is, is not; text to the letter, addresses as numbers, of a list: any of it"],
  ["`<`, `<=`, `>`, `>=`", "numbers only"],
  [
    "`in`, `not in`",
    "one of a set: `local_port in (80, https)`; of addresses also networks: `remote_addr in 10.0.0.0/8`, `in (10.0.0.0/8, 2001:db8::/32)`; of ports also ranges: `port in (443, 8000-8080)`",
  ],
  [
    "`~`, `!~`",
    "matches, whatever the case. Without `*` and `?`: contains. With them all of the text has to fit: `*` is anything, `?` one character, as for names of files; a backslash takes the next character as it is",
  ],
];

const INTRODUCTION = `# Filters

<!-- Written by scripts/generate-docs.ts from src/view/filter/ and src/model/columns.ts; do not edit. -->

One language says which rows are wanted:

\`\`\`sh
tcptop -f 'tcp port 443'
tcptop -f 'rtt > 50ms and tx_rate > 1MB/s'
tcptop -f 'comm ~ nginx and not host 10.0.0.0/8'
tcptop -f 'user in (root, www-data) and retrans > 0'
tcptop -f 'closed and end_reason != fin'
tcptop -f 'listening and accept_queue > 100'
\`\`\`

A closed connection has its one row like any other, and has to fit like any other. Listening sockets are shown with
\`--listening\` (only these), and where the filter speaks of \`state\`, \`accept_queue\` or \`accept_limit\`, as the short form
\`listening\` does. Other options narrow down further.`;

const CONDITIONS = `## Conditions

A condition is a column, an operator and a value. Conditions are joined by \`and\`, \`or\`, \`not\` and parentheses, or by \`&&\`, \`||\` and
\`!\`; \`not\` binds closest, then \`and\`. Conditions side by side mean \`and\`: \`tcp port 443\`. Case does not matter in names and
words; in units it does.

${markdownTable(["Operator", "Meaning"], OPERATOR_DOCS)}

There are no regular expressions: some take for ever on names that anybody on the host can choose.

**What is unknown** fits no comparison, \`!=\`, \`!~\` and \`not in\` included: \`pid != 1\` shows rows whose pid is known, and is not 1. \`= null\` and
\`!= null\` ask whether it is unknown. \`not\` turns whatever it stands before, so \`not pid = 1\` shows the unknown too.

**Values** with spaces, parentheses, commas or characters of operators, and the words \`and\`, \`or\`, \`not\` and \`null\`, go into quotes,
single or double; in these a backslash goes before a quote or a backslash. A filter has at most ${MAX_LENGTH} characters, and nests at most ${MAX_DEPTH} deep.`;

const SHORT = `## Short forms

Words that stand for longer conditions. \`host\`, \`net\`, \`addr\` and \`port\` are those of either end; \`port\` and \`addr\` take operators, too:
\`port < 1024\`, \`addr in (10.0.0.0/8, ::1)\`; \`port != 443\` is what has 443 on neither end.

There is no \`src\` and no \`dst\`: a packet has a source, but both ends of a connection send. This end is \`local_addr\` and \`local_port\`, the other
\`remote_addr\` and \`remote_port\`; \`in\` and \`out\` say which of them opened the connection.`;

const UNITS = `## Units

A number without a unit is in the unit of its column. A column of times can be named without its unit (\`rtt\` for \`rtt_us\`); then the
value has one. \`k\`, \`M\`, \`G\` and \`T\` alone are bytes, as on the
screen. Bits are an eighth of a byte. There is no \`bps\`: it is bits to some programs and bytes to others.`;

const PORTS = `## Names of ports

The same on every host, whatever its /etc/services says:`;

/** docs/filter.md, from the tables that the language itself is made of. */
export function filterDocument(): string {
  const parts = [
    INTRODUCTION,
    CONDITIONS,
    SHORT,
    markdownTable(["Short", "Stands for"], SHORT_FORMS.map(shortFormCells)),
    UNITS,
    markdownTable(["Columns in", "Units"], unitRows()),
    "## Columns",
    "What they mean is in [columns.md](columns.md).",
    markdownTable(["Column", "Operators", "Values"], COLUMNS.map(columnCells)),
    PORTS,
    `${PORT_NAMES.map((name) => `${code(name)} ${portOfName(name)}`).join(" · ")}`,
  ];
  return `${parts.join("\n\n")}\n`;
}

function shortFormCells(form: ShortForm): readonly string[] {
  return shortFormTexts(form).map(code);
}

/** A short form as it is typed, and at full length. */
export function shortFormTexts(form: ShortForm): readonly [short: string, full: string] {
  const text = form.kind === "flag" ? form.name : `${form.name} ${form.example}`;
  return [text, printFilter(parseFilter(text))];
}

function unitRows(): readonly (readonly string[])[] {
  return unitsOfColumns().map(([unit, names]) => [unit, names.map(code).join(" ")]);
}

/** The units of columns, each with those that a value can have. */
export function unitsOfColumns(): readonly (readonly [unit: string, names: readonly string[]])[] {
  const units = [...new Set(COLUMNS.map(({ unit }: Column) => unit ?? ""))];
  return units.map((unit) => [unit, unitNames(unit)] as const).filter(([, names]) => names.length > 0);
}

function columnCells(column: Column): readonly string[] {
  const names = FIELDS.filter((field) => field.column.name === column.name).map(({ name }) => code(name));
  return [names.join(", "), operatorsOf(column).map(code).join(" "), valueText(column)];
}

function valueText(column: Column): string {
  switch (column.kind) {
    case "words":
      return (column.words ?? []).map(code).join(" ");
    case "address":
      return "an address, a network";
    case "port":
      return "a number, a name";
    case "boolean":
      return "`true` `false`; the name alone means `true`";
    case "pids":
      return "a process id";
    case "quantity":
      return column.unit === null ? "a number" : `a number of ${column.unit}`;
    case "text":
      return "text";
  }
}
