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

/** Reads a value that was written for a column. */
export function readOperand(column: Column, operator: Operator, literal: string | null): Operand | Complaint {
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
      return readNetwork(column, operator, literal);
    case "quantity":
      return readNumber(column, literal);
    case "port":
      return readPort(literal);
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

function readNetwork(column: Column, operator: Operator, literal: string): Operand | Complaint {
  const network = parseNetwork(literal);
  if (network === null) return complain("no address", "write 10.1.2.3, 10.0.0.0/8 or 2001:db8::/32");
  if ((operator === "=" || operator === "!=") && !network.isSingle) {
    const instead = operator === "=" ? "in" : "not in";
    return complain("a network, not one address", `write ${column.name} ${instead} ${quoteBack(literal)}`);
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

function readPort(literal: string): Operand | Complaint {
  const number = /^\d+$/.test(literal) ? Number(literal) : portOfName(literal);
  if (number !== undefined && number <= MOST_PORT) return { kind: "number", number };
  const near = nearestNames(literal, PORT_NAMES);
  const mend =
    near.length > 0
      ? `did you mean ${near.join(" or ")}?`
      : `give 0 to ${MOST_PORT}, or a name such as https`;
  return complain("no port", mend);
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
