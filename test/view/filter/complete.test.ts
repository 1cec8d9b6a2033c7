import fc from "fast-check";
import { expect, test } from "vitest";
import { COLUMNS } from "../../../src/model/columns.js";
import { completeFilter } from "../../../src/view/filter/complete.js";

function candidates(text: string, cursor: number = text.length): readonly string[] {
  return completeFilter(text, cursor).candidates;
}

test("at first, all columns, short forms, a negation or a parenthesis", () => {
  for (const start of ["", "  ", "tcp and ", "not (", "(tcp or "]) {
    expect(candidates(start)).toEqual(
      expect.arrayContaining([...COLUMNS.map(({ name }) => name), "tcp", "not", "("]),
    );
  }
});

test.each([
  ["tx", ["tx_bytes", "tx_rate"]],
  ["TX_R", ["tx_rate"]],
  ["tcp and rtt", ["rtt_us", "rtt", "rttvar_us", "rttvar"]],
  ["not por", ["port", "portrange"]],
  ["tcp por", ["port", "portrange"]],
  ["tx_rate ", ["=", "!=", "<", "<=", ">", ">=", "in", "not in"]],
  ["closed = ", ["true", "false", "null"]],
  ["closed = t", ["true"]],
  ["state = time", ["TIME_WAIT"]],
  ["state in (LISTEN, est", ["ESTABLISHED"]],
  ["port htt", ["http", "https", "http-alt"]],
  ["tcp ", ["and", "or"]],
  ["(tcp ", [")", "and", "or"]],
  ["tcp an", ["and"]],
  ["tx_rat > 1 and ", []],
  ["comm = 'x", []],
  ["nosuch", []],
])("%j", (text, expected) => {
  expect(candidates(text)).toEqual(expected);
});

test("in the middle, the word before the cursor", () => {
  expect(completeFilter("tcp and tx_ra > 1", 13)).toEqual({ start: 8, end: 13, candidates: ["tx_rate"] });
  expect(candidates("tx > 1", 2)).toEqual(["tx_bytes", "tx_rate"]);
  expect(candidates("tcp", 99)).toEqual(["tcp"]);
});

test("any text and any cursor has an answer", () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 20 }), fc.integer({ min: -2, max: 25 }), (text, cursor) => {
      const { start, end } = completeFilter(text, cursor);
      expect(start).toBeLessThanOrEqual(end);
      expect(end).toBeLessThanOrEqual(text.length);
    }),
  );
});
