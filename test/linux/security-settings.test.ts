import { expect, test } from "vitest";
import { parseLockdown } from "../../src/linux/security-settings.js";

test("the lockdown mode is the one in brackets", () => {
  expect(parseLockdown("[none] integrity confidentiality\n")).toBe("none");
  expect(parseLockdown("none [integrity] confidentiality\n")).toBe("integrity");
  expect(parseLockdown("none integrity [confidentiality]\n")).toBe("confidentiality");
});

test("what is not known is not guessed", () => {
  for (const text of [null, "", "none integrity", "[paranoid]"]) expect(parseLockdown(text)).toBeNull();
});
