import { expect, test } from "vitest";
import { Pace } from "../../src/linux/proc-pace.js";

test("after a slice of work others have their turn", async () => {
  const pace = new Pace(2);
  let turns = 0;
  const timer = setInterval(() => {
    turns += 1;
  }, 1);
  let longestMs = 0;
  let sliceStartMs = performance.now();
  for (const endMs = sliceStartMs + 200; performance.now() < endMs; ) {
    if (!pace.isOver()) continue;
    longestMs = Math.max(longestMs, performance.now() - sliceStartMs);
    await pace.rest();
    sliceStartMs = performance.now();
  }
  clearInterval(timer);
  expect(turns).toBeGreaterThan(5);
  expect(longestMs).toBeLessThan(100);
});
