import { expect, test } from "vitest";
import type { Connection } from "../../../src/model/connection.js";
import { LIMITS, type Limits } from "../../../src/model/limits.js";
import { slownessSpans } from "../../../src/tui/draw/slowness.js";
import { exampleConnection } from "../../model/example-connection.js";

const LOSSY: Limits = {
  limitedBy: "lossy",
  busyShare: 1,
  receiverWindowShare: 0,
  sendBufferShare: 0.0321,
  retransShare: null,
};

function wordsOf(changes: Partial<Connection>): string | null {
  const spans = slownessSpans(exampleConnection(changes));
  return spans === null ? null : spans.map(({ text }) => text).join("");
}

test("the word, what it means, and the shares that are known", () => {
  expect(wordsOf({ limits: LOSSY })).toBe(
    "lossy: the path loses packets  (sending 100%, peer's window closed 0%, send buffer full 3.2%)",
  );
});

test.each(LIMITS)("%s is warned of unless it is nobody's fault", (limitedBy) => {
  const [word] = slownessSpans(exampleConnection({ limits: { ...LOSSY, limitedBy } })) ?? [];
  expect(word).toEqual({
    text: limitedBy,
    style: limitedBy === "idle" || limitedBy === "application" ? "strong" : "warning",
  });
});

test("what is not known is said to be so", () => {
  expect(wordsOf({ limits: null })).toBe("not known");
  expect(wordsOf({ limits: { ...LOSSY, limitedBy: null } })).toMatch(/^nothing for half of the time/);
});

test("nothing of UDP, of what is over, and of what listens", () => {
  expect(wordsOf({ proto: "udp", limits: LOSSY })).toBeNull();
  expect(wordsOf({ closed: true, limits: LOSSY })).toBeNull();
  expect(wordsOf({ state: "LISTEN", limits: null })).toBeNull();
});
