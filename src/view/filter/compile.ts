import type { Column, RowContext } from "../../model/column.js";
import { findColumn } from "../../model/columns.js";
import type { Connection } from "../../model/connection.js";
import { TcptopError } from "../../model/error.js";
import { NetworkSet } from "../../model/ip-network.js";
import type { Comparison, Filter, Operator } from "./filter.js";
import { isNegated } from "./filter.js";
import { type Operand, readOperand } from "./operand.js";
import { compilePattern } from "./pattern.js";

/** Whether a row is wanted. */
export type Predicate = (connection: Connection, context: RowContext) => boolean;

type Test<Value> = (value: Value) => boolean;
type Range = Extract<Operand, { kind: "range" }>;

/**
 * Makes a function of a filter, to be asked of every row. A comparison with what is unknown is false, whatever the
 * operator: only `= null` is true of it, and `not`, which turns whatever it stands before.
 */
export function compileFilter(filter: Filter): Predicate {
  switch (filter.kind) {
    case "comparison":
      return compileComparison(filter);
    case "not": {
      const term = compileFilter(filter.term);
      return (connection, context) => !term(connection, context);
    }
    case "and":
      return allOf(filter.terms.map(compileFilter));
    case "or":
      return anyOf(filter.terms.map(compileFilter));
  }
}

function allOf(terms: readonly Predicate[]): Predicate {
  return (connection, context) => {
    for (const term of terms) if (!term(connection, context)) return false;
    return true;
  };
}

function anyOf(terms: readonly Predicate[]): Predicate {
  return (connection, context) => {
    for (const term of terms) if (term(connection, context)) return true;
    return false;
  };
}

function compileComparison({ column: name, operator, literals }: Comparison): Predicate {
  const column = findColumn(name);
  if (column === undefined) throw new TcptopError("usage", `${name}: no such column`, "");
  const operands = literals.map((literal) => operandOf(column, operator, literal));
  const isWanted = !isNegated(operator);
  if (operands.some(({ kind }) => kind === "unknown")) {
    return (connection, context) => (column.value(connection, context) === null) === isWanted;
  }
  switch (column.type) {
    case "string":
      return ifKnown(column.value, textTest(operands), isWanted);
    case "integer":
      return ifKnown(column.value, numberTest(operator, operands), isWanted);
    case "boolean":
      return ifKnown(column.value, truthTest(operands), isWanted);
    case "pids":
      return ifKnown(column.value, pidsTest(operands), isWanted);
  }
}

/** Filters from `parseFilter` have been through this already. */
function operandOf(column: Column, operator: Operator, literal: string | null): Operand {
  const operand = readOperand(column, operator, literal);
  if (operand.kind !== "complaint") return operand;
  throw new TcptopError("usage", `${literal}: ${operand.problem}`, operand.mend);
}

function ifKnown<Value>(
  read: (connection: Connection, context: RowContext) => Value | null,
  test: Test<Value>,
  isWanted: boolean,
): Predicate {
  return (connection, context) => {
    const value = read(connection, context);
    return value !== null && test(value) === isWanted;
  };
}

function textTest(operands: readonly Operand[]): Test<string> {
  const networks = operands.flatMap((operand) => (operand.kind === "network" ? [operand.network] : []));
  if (networks.length > 0) {
    const set = new NetworkSet(networks);
    return (address) => set.has(address);
  }
  const [pattern] = operands.flatMap((operand) => (operand.kind === "pattern" ? [operand.pattern] : []));
  if (pattern !== undefined) return compilePattern(pattern);
  const texts = operands.flatMap((operand) => (operand.kind === "text" ? [operand.text] : []));
  return memberTest(texts);
}

function numberTest(operator: Operator, operands: readonly Operand[]): Test<number> {
  const numbers = numbersOf(operands);
  const [first = Number.NaN] = numbers;
  switch (operator) {
    case "<":
      return (value) => value < first;
    case "<=":
      return (value) => value <= first;
    case ">":
      return (value) => value > first;
    case ">=":
      return (value) => value >= first;
    default:
      return setTest(numbers, rangesOf(operands));
  }
}

function setTest(numbers: readonly number[], ranges: readonly Range[]): Test<number> {
  const isMember = memberTest(numbers);
  if (ranges.length === 0) return isMember;
  return (value) => isMember(value) || ranges.some(({ least, most }) => value >= least && value <= most);
}

function truthTest(operands: readonly Operand[]): Test<boolean> {
  return memberTest(operands.flatMap((operand) => (operand.kind === "truth" ? [operand.truth] : [])));
}

/** A list is what any of its members is. */
function pidsTest(operands: readonly Operand[]): Test<readonly number[]> {
  const isMeant = memberTest(numbersOf(operands));
  return (pids) => pids.some(isMeant);
}

function numbersOf(operands: readonly Operand[]): readonly number[] {
  return operands.flatMap((operand) => (operand.kind === "number" ? [operand.number] : []));
}

function rangesOf(operands: readonly Operand[]): readonly Range[] {
  return operands.flatMap((operand) => (operand.kind === "range" ? [operand] : []));
}

function memberTest<Value>(members: readonly Value[]): Test<Value> {
  const [only] = members;
  if (members.length === 1) return (value) => value === only;
  const set = new Set(members);
  return (value) => set.has(value);
}
