import { COLUMNS } from "../model/columns.js";
import { wrapText } from "../model/text-width.js";
import { OPERATORS } from "../view/filter/filter.js";
import { SHORT_FORMS } from "../view/filter/short-forms.js";

const LABEL_WIDTH = 15;

/** What `-f` and `-s` take, at the end of the help: where tcptop is there may be no manual. */
export function filterHelp(width: number): string {
  const forms = SHORT_FORMS.map((form) =>
    form.kind === "flag" ? form.name : `${form.name} ${form.example}`,
  );
  const entries = [
    ["Columns:", COLUMNS.map(({ name }) => name)],
    ["Operators:", OPERATORS.map((operator) => (operator.endsWith("in") ? `${operator} (A, B)` : operator))],
    ["Short forms:", forms],
    ["Joined by:", ["and", "or", "not", "( )"]],
  ] as const;
  const lines = entries.flatMap(([label, words]) =>
    wrapText(words.join(", "), width - LABEL_WIDTH).map(
      (text, index) => `${(index === 0 ? `  ${label}` : "").padEnd(LABEL_WIDTH)}${text}`,
    ),
  );
  return `\nFilters and columns, in full in the manual (man tcptop) and in docs/filter.md and docs/columns.md:\n${lines.join("\n")}\n`;
}
