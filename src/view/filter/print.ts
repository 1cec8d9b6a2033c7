import type { Comparison, Filter, Literal } from "./filter.js";
import { isWordCharacter } from "./lexer.js";

/** Words that mean something by themselves where a value stands. */
const NOT_BARE: ReadonlySet<string> = new Set(["null", "and", "or", "not"]);

/** The filter as text, at full length: what reads as the same filter again. */
export function printFilter(filter: Filter): string {
  switch (filter.kind) {
    case "comparison":
      return printComparison(filter);
    case "not":
      return `not ${printTerm(filter.term, "not")}`;
    case "and":
    case "or":
      return filter.terms.map((term) => printTerm(term, filter.kind)).join(` ${filter.kind} `);
  }
}

/** A term, in parentheses where it would read otherwise without them. */
function printTerm(term: Filter, within: "and" | "or" | "not"): string {
  const isBare =
    term.kind === "comparison" || term.kind === "not" || (within === "or" && term.kind === "and");
  return isBare ? printFilter(term) : `(${printFilter(term)})`;
}

function printComparison({ column, operator, literals }: Comparison): string {
  const values = literals.map(printLiteral);
  const [only] = values;
  return `${column} ${operator} ${values.length === 1 ? only : `(${values.join(", ")})`}`;
}

/** A value, in quotes where it needs them. */
function printLiteral(literal: Literal): string {
  if (literal === null) return "null";
  const isBare =
    literal !== "" && !NOT_BARE.has(literal.toLowerCase()) && [...literal].every(isWordCharacter);
  return isBare ? literal : `"${literal.replaceAll(/["\\]/g, "\\$&")}"`;
}
