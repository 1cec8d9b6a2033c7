import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { doctorDocument } from "../../scripts/doctor-document.js";
import { securityDocument } from "../../scripts/security-document.js";
import { RUNG_CAPABILITIES } from "../../src/model/privileges.js";
import { RUNGS } from "../../src/model/rung.js";

function page(name: string): string {
  return readFileSync(new URL(`../../docs/${name}`, import.meta.url), "utf8");
}

test("docs/doctor.md is what the output has (else run: make build && node dist/scripts/generate-docs.js)", () => {
  expect(page("doctor.md")).toBe(doctorDocument());
});

test("docs/security.md is what the rungs need (else run: make build && node dist/scripts/generate-docs.js)", () => {
  expect(page("security.md")).toBe(securityDocument());
});

test("docs/security.md has every rung, and every use of a capability", () => {
  const security = page("security.md");
  for (const rung of RUNGS) {
    expect(security).toMatch(new RegExp(`^### .*\\b${rung}\\b`, "m"));
    for (const { purpose, without } of RUNG_CAPABILITIES[rung]) {
      expect(security).toContain(purpose);
      expect(security).toContain(without);
    }
  }
});
