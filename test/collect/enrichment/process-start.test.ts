import { expect, test } from "vitest";
import { startNs, startTicks } from "../../../src/collect/enrichment/process-start.js";

const AFTER_NAME =
  "S 1 4242 4242 0 -1 4194560 1052 0 12 0 3 4 0 0 20 0 7 0 987654 231231488 1711 18446744073709551615 1 1 0 0 0";

test.each(["bash", "a b", "a) S 1 2", "(sd-pam)", "(((", "a\nb"])("of a process named %j", (name) => {
  expect(startTicks(`4242 (${name}) ${AFTER_NAME}\n`)).toBe(987_654);
});

test.each(["", "no stat at all", "4242 (bash) S 1 2", "4242 (bash)"])("not from %j", (text) => {
  expect(startTicks(text)).toBeNull();
});

test("in ns, on a clock that stops while the host sleeps; never too late", () => {
  expect(startNs(150, 0)).toBe(1.5e9);
  expect(startNs(1000, 3e9)).toBeLessThanOrEqual(7e9);
  expect(startNs(1000, 3e9)).toBeGreaterThan(6.9e9);
});
