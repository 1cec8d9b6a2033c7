import { DOCTOR_FIELDS } from "../src/cli/doctor/json.js";
import { code, markdownTable } from "./markdown.js";

const INTRODUCTION = `# tcptop doctor

<!-- Written by scripts/generate-docs.ts from src/cli/doctor/json.ts; do not edit. -->

\`tcptop doctor\` says what this host has of all that tcptop can make use of, opens every rung (every way to collect) and closes it again, and says for each
that does not work what would change that: a package, a capability, a newer kernel. A security setting is named as what it is. It changes nothing, and needs no
privileges: run as an ordinary user it says what an ordinary user can have, so ask as the user that tcptop is to run as. Nothing stays loaded.

Exit status: 0 when some rung works, 3 when none does; 130 or 143 when SIGINT or SIGTERM ended it before, with the rung closed that was open.

## JSON

\`tcptop doctor -o json\` writes one object:`;

/** docs/doctor.md, from the table that the output itself is made of. */
export function doctorDocument(): string {
  const fields = DOCTOR_FIELDS.map(({ name, doc }) => [code(name), doc]);
  return `${INTRODUCTION}\n\n${markdownTable(["Field", "Meaning"], fields)}\n`;
}
