import { expect, test } from "vitest";
import { rowContext } from "../../src/model/column.js";
import { COLUMN_CHOICES, findChoice } from "../../src/model/column-choices.js";
import { COLUMNS } from "../../src/model/columns.js";
import { exampleConnection, READ_NS, unknownConnection } from "./example-connection.js";

const CONTEXT = rowContext({ timeMs: 0, readNs: READ_NS }, "web1");

test("every column of the schema can be chosen, but for what is the same in all rows", () => {
  const choices = COLUMN_CHOICES.map(({ sortedBy }) => sortedBy);
  const all = COLUMNS.map(({ name }) => name).filter((name) => name !== "time" && name !== "host");
  expect(choices.toSorted()).toEqual(all.toSorted());
});

test("no two go by the same name, and each is found by both of its own", () => {
  for (const column of COLUMN_CHOICES) {
    expect(findChoice(column.title)).toBe(column);
    expect(findChoice(column.sortedBy.toUpperCase())).toBe(column);
  }
  expect(findChoice("nosuch")).toBeUndefined();
});

test.each([
  ["cmdline", "curl -sSf https://198.51.100.7/"],
  ["min_rtt_us", "11.9ms"],
  ["local_port", "43210"],
  ["closed", "no"],
  ["owners", "1234"],
  ["end_reason", "-"],
])("%s as a person reads it: %s", (name, text) => {
  expect(findChoice(name)?.text(exampleConnection(), CONTEXT)).toBe(text);
});

test("what is unknown is a dash", () => {
  for (const name of ["owners", "cmdline", "min_rtt_us", "idle_ms"])
    expect(findChoice(name)?.text(unknownConnection(), CONTEXT)).toBe("-");
});
