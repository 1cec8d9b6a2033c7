import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { columnsDocument } from "../../scripts/columns-document.js";

test("docs/columns.md is what the columns give (else run: make build && node dist/scripts/generate-docs.js)", () => {
  const page = readFileSync(new URL("../../docs/columns.md", import.meta.url), "utf8");
  expect(page).toBe(columnsDocument());
});
