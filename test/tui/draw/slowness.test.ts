import { expect, test } from "vitest";
import type { Connection } from "../../../src/model/connection.js";
import { LIMITS, type Limits } from "../../../src/model/limits.js";
import { slownessLines } from "../../../src/tui/draw/slowness.js";
import { exampleConnection } from "../../model/example-connection.js";

const LOSSY: Limits = {
  limitedBy: "lossy",
  busyShare: 1,
  receiverWindowShare: 0,
  sendBufferShare: 0.0321,
  retransShare: null,
};

const WIDTH = 120;

function wordsOf(changes: Partial<Connection>, width = WIDTH): readonly string[] {
  return slownessLines(exampleConnection(changes), width).map(({ spans }) =>
    spans
      .map(({ text }) => text)
      .join("")
      .trimEnd(),
  );
}

test("the word, what it means, and the shares that are known", () => {
  expect(wordsOf({ limits: LOSSY })).toEqual([
    " limited by  lossy: the path loses packets",
    "             sending 100%, peer's window closed 0%, send buffer full 3.2%",
  ]);
});

test("on as many lines as a narrow terminal takes", () => {
  expect(wordsOf({ limits: { ...LOSSY, limitedBy: "send-buffer" } }, 40)).toEqual([
    " limited by  send-buffer: this end's",
    "             send buffer is too small",
    "             for the path",
    "             sending 100%,",
    "             peer's window closed 0%,",
    "             send buffer full 3.2%",
  ]);
});

test.each(LIMITS)("%s is warned of unless it is nobody's fault", (limitedBy) => {
  const [first] = slownessLines(exampleConnection({ limits: { ...LOSSY, limitedBy } }), WIDTH);
  expect(first?.spans[1]).toEqual({
    text: limitedBy,
    style: limitedBy === "idle" || limitedBy === "application" ? "strong" : "warning",
  });
});

test("what is not known is said to be so", () => {
  expect(wordsOf({ limits: null })).toEqual([" limited by  not known"]);
  expect(wordsOf({ limits: { ...LOSSY, limitedBy: null } })[0]).toMatch(/nothing for half of the time/);
});

test("nothing of UDP, of what is over, and of what listens", () => {
  expect(wordsOf({ proto: "udp", limits: LOSSY })).toEqual([]);
  expect(wordsOf({ closed: true, limits: LOSSY })).toEqual([]);
  expect(wordsOf({ state: "LISTEN", limits: null })).toEqual([]);
});
