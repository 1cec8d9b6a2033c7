import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { manPage } from "../../scripts/man-page.js";
import { topCommand } from "../../src/cli/options.js";
import { KEY_TABLE } from "../../src/tui/live/key-table.js";

test("docs/tcptop.1 is what the options are (else run: make build && node dist/scripts/generate-docs.js)", () => {
  expect(readFileSync(new URL("../../docs/tcptop.1", import.meta.url), "utf8")).toBe(manPage());
});

test("every option and every key is in it", () => {
  const page = manPage().replaceAll("\\-", "-");
  for (const { long } of topCommand("").options) expect(page).toContain(`\\fB${long}\\fR`);
  for (const { doc } of KEY_TABLE) expect(page.toLowerCase()).toContain(doc.toLowerCase());
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
