import type { Column } from "../../model/column.js";
import { type Network, parseNetwork } from "../../model/ip-network.js";
import { nearestNames } from "../../model/nearest-names.js";
import { PORT_NAMES, portOfName } from "../../model/port-names.js";
import type { Operator } from "./filter.js";
import { quoteBack } from "./filter-error.js";
import { readQuantity, unitNames } from "./quantity.js";

/** A value that a column is compared with, understood as what the column holds. */
export type Operand =
  | { readonly kind: "unknown" }
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "pattern"; readonly pattern: string }
  | { readonly kind: "number"; readonly number: number }
  /** Both ends are in it. */
  | { readonly kind: "range"; readonly least: number; readonly most: number }
  | { readonly kind: "truth"; readonly truth: boolean }
  | { readonly kind: "network"; readonly network: Network };

/** Why a value makes no sense there. */
export interface Complaint {
  readonly kind: "complaint";
  readonly problem: string;
  readonly mend: string;
}

type ColumnKind = Column["kind"];

const TEXT_OPERATORS = ["=", "!=", "~", "!~", "in", "not in"] as const;
const NUMBER_OPERATORS = ["=", "!=", "<", "<=", ">", ">=", "in", "not in"] as const;
const OPERATORS_OF: Readonly<Record<ColumnKind, readonly Operator[]>> = {
  text: TEXT_OPERATORS,
  words: TEXT_OPERATORS,
  address: TEXT_OPERATORS,
  quantity: NUMBER_OPERATORS,
  port: NUMBER_OPERATORS,
  boolean: ["=", "!="],
  pids: ["=", "!=", "in", "not in"],
};
const TRUTHS = ["true", "false"];
const MOST_PORT = 65_535;
const PORT_RANGE = /^(\d{1,9})-(\d{1,9})$/;
const EXAMPLES_BY_UNIT: ReadonlyMap<string | null, string> = new Map([
  ["bytes", "1MB"],
  ["bytes/s", "1MB/s"],
  ["µs", "50ms"],
  ["ms", "10s"],
]);

/** What can be asked of a column. */
export function operatorsOf(column: Column): readonly Operator[] {
  return OPERATORS_OF[column.kind];
}

/** Whether the operator can stand before `null`: what is unknown is neither more nor less than anything. */
function takesNull(operator: Operator): boolean {
  return operator === "=" || operator === "!=";
}

/** The values that have a word, for completion. */
export function valueWords(column: Column, operator: Operator): readonly string[] {
  const unknown = takesNull(operator) ? ["null"] : [];
  switch (column.kind) {
    case "words":
      return [...(column.words ?? []), ...unknown];
    case "boolean":
      return [...TRUTHS, ...unknown];
    case "port":
      return [...PORT_NAMES, ...unknown];
    default:
      return unknown;
  }
}

/** A value that somebody could have written, for who wrote none. */
export function exampleValue(column: Column): string {
  switch (column.kind) {
    case "words":
      return (column.words?.[0] ?? "").toLowerCase();
    case "boolean":
      return "true";
    case "address":
      return "10.1.2.3";
    case "port":
      return "443";
    case "pids":
      return "4711";
    case "text":
      return "nginx";
    case "quantity":
      return EXAMPLES_BY_UNIT.get(column.unit) ?? "100";
  }
}

/**
 * Reads a value that was written for a column; `name` is what that was called by: `port`, for one, which is a short form of
 * two columns.
 */
export function readOperand(
  column: Column,
  operator: Operator,
  literal: string | null,
  name: string = column.name,
): Operand | Complaint {
  if (literal === null) {
    if (takesNull(operator)) return { kind: "unknown" };
    return complain(`what is unknown can't be compared by ${operator}`, `write ${column.name} = null`);
  }
  if (operator === "~" || operator === "!~") return { kind: "pattern", pattern: literal };
  switch (column.kind) {
    case "text":
      return { kind: "text", text: literal };
    case "words":
      return readWord(column, literal);
    case "address":
      return readNetwork(operator, literal, name);
    case "quantity":
      return readNumber(column, literal);
    case "port":
      return readPort(operator, literal, name);
    case "boolean":
      return readTruth(literal);
    case "pids":
      return readPid(literal);
  }
}

/** In either case, `-` for `_` or neither: `time-wait`, `FIN-WAIT-1` and `reset-by-peer` are how `ss` and people write them. */
function readWord(column: Column, literal: string): Operand | Complaint {
  const words = column.words ?? [];
  const text = words.find((word) => wordKey(word) === wordKey(literal));
  if (text !== undefined) return { kind: "text", text };
  const near = nearestNames(
    literal,
    words.map((word) => word.toLowerCase()),
  );
  return complain(
    `${column.name} is never that`,
    near.length > 0 ? `did you mean ${near.join(" or ")}?` : `there are ${words.join(", ")}`,
  );
}

function wordKey(word: string): string {
  return word.replaceAll(/[-_]/g, "").toLowerCase();
}

function readNetwork(operator: Operator, literal: string, name: string): Operand | Complaint {
  const network = parseNetwork(literal);
  if (network === null) return complain("no address", "write 10.1.2.3, 10.0.0.0/8 or 2001:db8::/32");
  if ((operator === "=" || operator === "!=") && !network.isSingle) {
    const instead = operator === "=" ? "in" : "not in";
    return complain("a network, not one address", `write ${name} ${instead} ${quoteBack(literal)}`);
  }
  return { kind: "network", network };
}

function readNumber(column: Column, literal: string): Operand | Complaint {
  const quantity = readQuantity(literal, column.unit);
  switch (quantity.kind) {
    case "quantity":
      return { kind: "number", number: quantity.number };
    case "no number":
      return complain("no number", `write a number${unitWords(column)}`);
    case "no such unit":
      return complain(
        `${column.name} has no unit ${quoteBack(quantity.unit)}`,
        `write a number${unitWords(column)}`,
      );
  }
}

function unitWords(column: Column): string {
  const names = unitNames(column.unit);
  return names.length === 0 ? "" : ` with one of ${names.join(" ")}`;
}

function readPort(operator: Operator, literal: string, name: string): Operand | Complaint {
  const range = PORT_RANGE.exec(literal);
  if (range !== null) return readPortRange(operator, Number(range[1]), Number(range[2]), name);
  const number = /^\d+$/.test(literal) ? Number(literal) : portOfName(literal);
  if (number !== undefined && number <= MOST_PORT) return { kind: "number", number };
  const near = nearestNames(literal, PORT_NAMES);
  const mend =
    near.length > 0
      ? `did you mean ${near.join(" or ")}?`
      : `give 0 to ${MOST_PORT}, or a name such as https`;
  return complain("no port", mend);
}

function readPortRange(operator: Operator, least: number, most: number, name: string): Operand | Complaint {
  if (least > most) return complain("a range without a port", `write ${most}-${least}`);
  if (most > MOST_PORT) return complain("no ports", `give 0 to ${MOST_PORT}`);
  if (operator === "in" || operator === "not in") return { kind: "range", least, most };
  const instead = operator === "!=" ? "not in" : "in";
  return complain("a range, not one port", `write ${name} ${instead} ${least}-${most}`);
}

function readTruth(literal: string): Operand | Complaint {
  const word = literal.toLowerCase();
  if (!TRUTHS.includes(word)) return complain("neither true nor false", "write true or false");
  return { kind: "truth", truth: word === "true" };
}

function readPid(literal: string): Operand | Complaint {
  if (!/^\d{1,15}$/.test(literal)) return complain("no process id", "write a whole number");
  return { kind: "number", number: Number(literal) };
}

function complain(problem: string, mend: string): Complaint {
  return { kind: "complaint", problem, mend };
}
