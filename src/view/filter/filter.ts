import type { ColumnName } from "../../model/columns.js";

/** What a column can be asked; which of them, depends on what the column holds (operand.ts). */
export const OPERATORS = ["=", "!=", "<", "<=", ">", ">=", "~", "!~", "in", "not in"] as const;

export type Operator = (typeof OPERATORS)[number];

/** A value as it was written, without its quotes; null is the word `null`: unknown. */
export type Literal = string | null;

export interface Comparison {
  readonly kind: "comparison";
  readonly column: ColumnName;
  readonly operator: Operator;
  /** At least one; more than one only for `in` and `not in`. */
  readonly literals: readonly Literal[];
}

/** A filter as a tree. What users write short is in here at full length: `tcp` is `proto = tcp`. */
export type Filter =
  | Comparison
  | { readonly kind: "not"; readonly term: Filter }
  /** Two terms or more. */
  | { readonly kind: "and" | "or"; readonly terms: readonly Filter[] };

/** A filter, and how it was written: that is how it is shown. */
export interface WrittenFilter {
  readonly text: string;
  readonly parsed: Filter;
}

/** Whether the operator is the opposite of another: true where that is false, but neither is true of what is unknown. */
export function isNegated(operator: Operator): boolean {
  return operator === "!=" || operator === "!~" || operator === "not in";
}

/** The columns that the filter asks. */
export function columnsOf(filter: Filter): ReadonlySet<ColumnName> {
  const columns = new Set<ColumnName>();
  collectColumns(filter, columns);
  return columns;
}

function collectColumns(filter: Filter, columns: Set<ColumnName>): void {
  switch (filter.kind) {
    case "comparison":
      columns.add(filter.column);
      return;
    case "not":
      collectColumns(filter.term, columns);
      return;
    case "and":
    case "or":
      for (const term of filter.terms) collectColumns(term, columns);
  }
}
