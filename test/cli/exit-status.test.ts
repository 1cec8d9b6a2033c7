import { expect, test } from "vitest";
import { DONE, exitStatus } from "../../src/cli/exit-status.js";

test("each outcome has its exit status", () => {
  expect([DONE, exitStatus("failed"), exitStatus("usage"), exitStatus("unavailable")]).toEqual([0, 1, 2, 3]);
});
