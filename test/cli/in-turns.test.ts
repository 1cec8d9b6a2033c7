import { expect, test } from "vitest";
import { inTurns } from "../../src/cli/in-turns.js";

function* busySteps(count: number, stepMs: number): Generator<undefined, string, undefined> {
  for (let step = 0; step < count; step++) {
    const endMs = performance.now() + stepMs;
    while (performance.now() < endMs);
    yield;
  }
  return "done";
}

test("gives what the work gives", async () => {
  expect(await inTurns(busySteps(0, 0))).toBe("done");
  expect(await inTurns(busySteps(3, 0))).toBe("done");
});

test("what is due meanwhile has its turn before the work is done", async () => {
  const order: string[] = [];
  const key = new Promise<void>((resolve) => {
    setImmediate(() => {
      order.push("key");
      resolve();
    });
  });
  const work = inTurns(busySteps(10, 3)).then((result) => order.push(result));
  await Promise.all([key, work]);
  expect(order).toEqual(["key", "done"]);
});

test("work that fails in a later step fails", async () => {
  function* failing(): Generator<undefined, never, undefined> {
    yield;
    throw new Error("broken");
  }
  await expect(inTurns(failing())).rejects.toThrow("broken");
});
