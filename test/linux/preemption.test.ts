import { expect, test } from "vitest";
import { isPreemptive } from "../../src/linux/preemption.js";

test.each([
  ["none (voluntary) full ", false],
  ["(none) voluntary full lazy", false],
  ["none voluntary (full)", true],
  ["none voluntary full (lazy)", true],
  ["(undefined)", null],
  [null, null],
])("%s preempts: %s", (modes, preempts) => {
  expect(isPreemptive(modes)).toBe(preempts);
});
