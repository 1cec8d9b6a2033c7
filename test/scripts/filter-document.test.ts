import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { filterDocument } from "../../scripts/filter-document.js";
import { parseFilter } from "../../src/view/filter/parse.js";

const PAGE = readFileSync(new URL("../../docs/filter.md", import.meta.url), "utf8");

test("docs/filter.md is what the language gives (else run: make build && node dist/scripts/generate-docs.js)", () => {
  expect(PAGE).toBe(filterDocument());
});

test.each([...PAGE.matchAll(/^tcptop -f '(.*)'$/gm)].map(([, text]) => [text ?? ""]))(
  "the example %s is a filter",
  (text) => {
    expect(parseFilter(text)).toHaveProperty("kind");
  },
);
