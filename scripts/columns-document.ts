import type { Column } from "../src/model/column.js";
import { COLUMNS } from "../src/model/columns.js";
import { SUMMARY_FIELDS } from "../src/output/summary.js";
import { GROUP_COLUMNS } from "../src/view/group/group-columns.js";
import { GROUP_BYS, groupingBy } from "../src/view/group/grouping.js";
import { code, markdownTable } from "./markdown.js";

const INTRODUCTION = `# Columns

<!-- Written by scripts/generate-docs.ts from src/model/columns.ts, src/view/group/ and src/output/summary.ts; do not edit. -->

Every output of connections has these columns, by these names and in this order. What is unknown, or does not apply, is
\`null\` in NDJSON and empty in CSV: never 0, never an empty string. Which bytes exactly the byte columns count is in
[accuracy.md](accuracy.md).`;

const FORMATS = `## Formats

**NDJSON** (\`-o ndjson\`): one object a line. \`"type":"connection"\` comes first in the line of a connection, then every
column. After the connections of a snapshot comes one line with \`"type":"summary"\`.

**CSV** (\`-o csv\`): RFC 4180, with lines that end in CR LF; the names once, then one record per connection. \`owners\` is
joined by \`;\`. Text that a spreadsheet would run as a formula (it starts with \`=\`, \`+\`, \`-\` or \`@\`) has a \`'\` put in front.
The summary has no place in it: what a snapshot lacks is said on stderr.

In all formats, text from outside has lost its control characters, line and paragraph separators and bidirectional
controls.`;

const GROUPS = `## Groups

With \`-g\`, in place of connections: \`"type":"group"\` in NDJSON. Sums are of what the rows of the group show, so they are exact; null only where
it is null for all of them. The group of connections that have no key, or none that is known, is \`null\`, and \`unknown\` in a table.
\`-s\` sorts by any of these columns.`;

const GROUPINGS = GROUP_BYS.map((by) => [code(by), groupingBy(by).doc]);

const SUMMARY = `## The summary of a snapshot

In NDJSON, with every snapshot. It speaks of the whole host, whatever rows are shown.`;

/** docs/columns.md, from the code that the outputs themselves take the columns from. */
export function columnsDocument(): string {
  const columns = COLUMNS.map(columnCells);
  const fields = SUMMARY_FIELDS.map(({ name, unit, doc }) => [code(name), unit ?? "", doc]);
  const parts = [
    INTRODUCTION,
    markdownTable(["Column", "Type", "Unit", "Meaning"], columns),
    GROUPS,
    markdownTable(["Column", "Type", "Unit", "Meaning"], GROUP_COLUMNS.map(columnCells)),
    markdownTable(["`-g`", "Together is what has the same"], GROUPINGS),
    FORMATS,
    SUMMARY,
    markdownTable(["Field", "Unit", "Meaning"], fields),
  ];
  return `${parts.join("\n\n")}\n`;
}

function columnCells({ name, type, unit, doc }: Named): readonly string[] {
  return [code(name), typeName(type), unit ?? "", doc];
}

type Named = Pick<Column, "name" | "type" | "unit" | "doc">;

function typeName(type: Column["type"]): string {
  return type === "pids" ? "list of integers" : type;
}
