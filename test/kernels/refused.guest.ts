import { expect, test } from "vitest";
import { FORCED_RUNG, withForcedRung } from "../live/forced-rung.js";
import { runProgram } from "../live/run-program.js";
import { TCPTOP } from "../live/tcptop.js";
import { HOST } from "./guest-settings.js";
import { refusalOf } from "./matrix.js";

test("a rung that this kernel can't give: status 3, and one line that says why", async ({ annotate }) => {
  const why = FORCED_RUNG === null ? null : refusalOf(HOST, FORCED_RUNG);
  if (why === null) throw new Error(`${FORCED_RUNG} is expected to load here`);
  const ended = await runProgram(TCPTOP, withForcedRung(["-b", "-n", "1"]));
  expect(ended).toMatchObject({ status: 3, stdout: "" });
  expect(ended.stderr).toMatch(/^tcptop: [^\n]+; [^\n]+\n$/);
  expect(ended.stderr).toMatch(why);
  await annotate(ended.stderr.replace(/^tcptop: /, "").trim(), "refusal");
});

test("left to choose, tcptop takes another rung, and says in one line what it lacks", async () => {
  const ended = await runProgram(TCPTOP, ["-b", "-n", "1"]);
  expect(ended.status).toBe(0);
  expect(ended.stdout).toMatch(/rung \w+/);
  expect(ended.stdout).not.toContain(`rung ${FORCED_RUNG}`);
  expect(ended.stderr).toMatch(
    /^(?:tcptop: using rung \w+: [^\n]+ \(this kernel has no [^\n]+\); [^\n]+\n)?$/,
  );
});
