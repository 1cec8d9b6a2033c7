import { expect, test } from "vitest";
import { AskedToEnd, unlessAskedToEnd } from "../../src/cli/ending-signal.js";
import { signalStatus } from "../../src/cli/exit-status.js";

test("work is waited for until the end is asked for, not longer", async () => {
  const stop = new AbortController();
  expect(await unlessAskedToEnd(Promise.resolve(7), stop.signal)).toBe(7);
  await expect(unlessAskedToEnd(Promise.reject(new Error("broken")), stop.signal)).rejects.toThrow("broken");
  const waiting = unlessAskedToEnd(new Promise(() => {}), stop.signal);
  const reason = new AskedToEnd("SIGTERM");
  stop.abort(reason);
  await expect(waiting).rejects.toBe(reason);
  await expect(unlessAskedToEnd(Promise.resolve(7), stop.signal)).rejects.toBe(reason);
});

test.each([
  ["SIGHUP", 129],
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const)("%s is status %i, as in shells", (signal, status) => {
  expect(signalStatus(signal)).toBe(status);
});
