import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { manPage } from "../../scripts/man-page.js";
import { topCommand } from "../../src/cli/options.js";
import { COLUMN_CHOICES } from "../../src/model/column-choices.js";
import { COLUMNS } from "../../src/model/columns.js";
import { PORT_NAMES } from "../../src/model/port-names.js";
import { KEY_TABLE } from "../../src/tui/live/key-table.js";
import { OPERATORS } from "../../src/view/filter/filter.js";
import { SHORT_FORMS } from "../../src/view/filter/short-forms.js";

test("docs/tcptop.1 is what the options are (else run: make build && node dist/scripts/generate-docs.js)", () => {
  expect(readFileSync(new URL("../../docs/tcptop.1", import.meta.url), "utf8")).toBe(manPage());
});

test("every option and every key is in it", () => {
  const page = manPage().replaceAll("\\-", "-");
  for (const { long } of topCommand("").options) expect(page).toContain(`\\fB${long}\\fR`);
  for (const { doc } of KEY_TABLE) expect(page.toLowerCase()).toContain(doc.toLowerCase());
});

test("the language of filters is in it, and every column by all of its names", () => {
  const page = manPage().replaceAll("\\-", "-").replaceAll("\\(ti", "~");
  for (const operator of OPERATORS) expect(page).toContain(`\\fB${operator}\\fR`);
  for (const { name } of SHORT_FORMS) expect(page).toContain(`\\fB${name}`);
  for (const name of PORT_NAMES) expect(page).toContain(`${name} (`);
  for (const { name } of COLUMNS) expect(page).toMatch(new RegExp(`^\\.TP\n\\\\fB${name}\\\\fR`, "m"));
  for (const { title, sortedBy } of COLUMN_CHOICES)
    if (title.toLowerCase() !== sortedBy) expect(page).toContain(`\\fB${sortedBy}\\fR, \\fB${title}\\fR`);
});

test.skipIf(!hasGroff())("a reader finds filters and columns as they are typed", () => {
  const shown = execFileSync("groff", ["-man", "-Tutf8", "-P-c"], { input: manPage(), encoding: "utf8" });
  // What is bold is struck twice: a character, a backspace, and the character again.
  const plain = shown
    .split("\b")
    .map((part, index, all) => (index < all.length - 1 ? part.slice(0, -1) : part));
  const text = plain.join("").replaceAll(/\s+/g, " ");
  expect(text).toContain("FILTERS A condition is a column, an operator and a value: rtt > 50ms.");
  expect(text).toContain("!~ matches, whatever the case.");
  expect(text).toContain("owners = 4711");
  expect(text).toContain("COLUMNS The outputs ndjson and csv have these");
});

test.skipIf(!hasGroff())("groff has nothing to complain of", () => {
  // What it says goes to stderr, which is given to stdout here.
  const said = execFileSync("sh", ["-c", "groff -man -Tutf8 -ww -z 2>&1"], {
    input: manPage(),
    encoding: "utf8",
  });
  expect(said).toBe("");
});

function hasGroff(): boolean {
  try {
    execFileSync("groff", ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
