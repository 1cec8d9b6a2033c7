import { COLUMN_CHOICES } from "../src/model/column-choices.js";
import { COLUMNS } from "../src/model/columns.js";
import { PORT_NAMES, portOfName } from "../src/model/port-names.js";
import { SHORT_FORMS } from "../src/view/filter/short-forms.js";
import { OPERATOR_DOCS, shortFormTexts, unitsOfColumns } from "./filter-document.js";
import { bold, entry, roff, roffOfMarkdown } from "./roff.js";

const CONDITIONS =
  "A condition is a column, an operator and a value: `rtt > 50ms`. Conditions are joined by `and`, `or`, `not` and parentheses; side by side they mean `and`. Case does not matter in names and words; in units it does. Values with spaces, parentheses, commas or characters of operators, and the words `and`, `or`, `not` and `null`, go into quotes.";
const UNKNOWN =
  "What is unknown fits no comparison; `= null` and `!= null` ask whether it is unknown. `not` turns whatever it stands before.";
const ENDS =
  "There is no `src` and no `dst`: a packet has a source, but both ends of a connection send. This end is `local_addr` and `local_port`, the other `remote_addr` and `remote_port`.";
const COLUMNS_INTRODUCTION =
  "The outputs ndjson and csv have these, by these names and in this order; unknown is null, or empty. The options and settings that take columns also take what stands above one on the screen, after the name here; filters take the name only, of times also without the unit: `rtt` for `rtt_us`.";

/** The sections of the manual on the language of filters, and on columns. */
export function filterSections(): readonly string[] {
  return [
    ".SH FILTERS",
    roffOfMarkdown(CONDITIONS),
    ...OPERATOR_DOCS.flatMap(([operators, meaning]) =>
      entry(roffOfMarkdown(operators), roffOfMarkdown(`${meaning}.`)),
    ),
    ".PP",
    roffOfMarkdown(UNKNOWN),
    ".PP",
    "Short forms, and what they stand for:",
    ...SHORT_FORMS.flatMap((form) => {
      const [short, full] = shortFormTexts(form);
      return entry(bold(short), roff(full));
    }),
    ".PP",
    roffOfMarkdown(ENDS),
    ".PP",
    "A number without a unit is in the unit of its column. Units, by those of the columns:",
    ...unitsOfColumns().flatMap(([unit, names]) => entry(roff(unit), roff(names.join(", ")))),
    ".PP",
    roff(`Names of ports: ${PORT_NAMES.map((name) => `${name} (${portOfName(name)})`).join(", ")}.`),
    ".SH COLUMNS",
    roffOfMarkdown(COLUMNS_INTRODUCTION),
    ...COLUMNS.flatMap(({ name, unit, doc }) =>
      entry(namesOf(name), roffOfMarkdown(unit === null ? doc : `${doc} In ${unit}.`)),
    ),
  ];
}

function namesOf(name: string): string {
  const title = COLUMN_CHOICES.find(({ sortedBy }) => sortedBy === name)?.title;
  return title === undefined || title.toLowerCase() === name ? bold(name) : `${bold(name)}, ${bold(title)}`;
}
