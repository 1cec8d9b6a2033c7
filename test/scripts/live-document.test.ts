import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { liveDocument } from "../../scripts/live-document.js";

test("docs/live.md is what the keys and settings give (else run: make build && node dist/scripts/generate-docs.js)", () => {
  const page = readFileSync(new URL("../../docs/live.md", import.meta.url), "utf8");
  expect(page).toBe(liveDocument());
});
