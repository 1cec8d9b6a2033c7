import type { ColumnName } from "../../model/columns.js";
import { parseNetwork } from "../../model/ip-network.js";
import { type Field, findField } from "./fields.js";
import type { Filter, Literal, Operator } from "./filter.js";
import { isNegated, OPERATORS } from "./filter.js";
import { quoteBack } from "./filter-error.js";
import type { Token } from "./lexer.js";
import { exampleValue, operatorsOf, readOperand, valueWords } from "./operand.js";
import { readQuantity } from "./quantity.js";
import { expandPrefix, findShortForm, type Prefix } from "./short-forms.js";
import { complainOf, TokenReader } from "./token-reader.js";
import { CONDITION_WORDS, unknownName } from "./unknown-name.js";

/** How deep parentheses and `not` may be nested: far more than anybody reads, far less than the stack holds. */
export const MAX_DEPTH = 100;

/** Words that join conditions; as a value they need quotes. */
const JOINING_WORDS: ReadonlySet<string> = new Set(["and", "or", "not"]);

/**
 * Reads a filter:
 *
 *     any       = all { "or" all }
 *     all       = one { ["and"] one }
 *     one       = "not" one | "(" any ")" | column operator value | column ["not"] "in" values
 *               | boolean column | short form [value]
 *     values    = value | "(" value { "," value } ")"
 *
 * @throws FilterError with the place, and what could stand there
 */
export function parseFilter(text: string): Filter {
  return new Parser(text).parse();
}

/** A column to compare, or several of which any may be meant: `port` is that of either end. */
interface Subject {
  /** By which it can be compared, also with several values. */
  readonly name: string;
  readonly field: Field | null;
  /** The columns that the value has to make sense for. */
  readonly columns: readonly ColumnName[];
  readonly filter: (operator: Operator, literals: readonly Literal[]) => Filter;
}

class Parser {
  readonly #tokens: TokenReader;
  #depth = 0;

  constructor(text: string) {
    this.#tokens = new TokenReader(text);
  }

  parse(): Filter {
    const filter = this.#any();
    const token = this.#tokens.peek();
    if (token.kind === "end") return filter;
    throw complainOf(token, "a condition was complete before", "join conditions by and, or", ["and", "or"]);
  }

  #any(): Filter {
    const terms = [this.#all()];
    while (this.#tokens.takeWord("or")) terms.push(this.#all());
    return join("or", terms);
  }

  #all(): Filter {
    const terms = [this.#one()];
    while (this.#tokens.takeWord("and") || this.#beginsCondition()) terms.push(this.#one());
    return join("and", terms);
  }

  /** Conditions side by side mean "and": `tcp port 443`. */
  #beginsCondition(): boolean {
    const { kind } = this.#tokens.peek();
    return kind === "(" || (kind === "word" && !this.#tokens.isWord("or"));
  }

  #one(): Filter {
    const token = this.#tokens.peek();
    if (token.kind === "(") return this.#nested(() => this.#parenthesized());
    if (token.kind !== "word" || this.#tokens.isWord("and") || this.#tokens.isWord("or")) {
      throw complainOf(token, "a condition is missing", "write one such as tx_rate > 1MB/s", CONDITION_WORDS);
    }
    if (this.#tokens.isWord("not")) return this.#nested(() => this.#negation());
    return this.#condition();
  }

  #nested(read: () => Filter): Filter {
    if (this.#depth === MAX_DEPTH) {
      throw complainOf(this.#tokens.peek(), "nested too deep", `nest at most ${MAX_DEPTH} deep`);
    }
    this.#depth += 1;
    const filter = read();
    this.#depth -= 1;
    return filter;
  }

  #negation(): Filter {
    this.#tokens.take();
    return { kind: "not", term: this.#one() };
  }

  #parenthesized(): Filter {
    this.#tokens.take();
    const filter = this.#any();
    if (this.#tokens.takeKind(")")) return filter;
    throw complainOf(this.#tokens.peek(), "a ) is missing", "close the parenthesis", [")", "and", "or"]);
  }

  #condition(): Filter {
    const name = this.#tokens.take();
    const field = findField(name.text);
    const form = findShortForm(name.text);
    const subject = subjectOf(field, form?.kind === "prefix" ? form : undefined);
    if (subject !== null) {
      const operator = this.#operator(subject);
      if (operator !== null) return this.#comparison(subject, operator);
    }
    if (form?.kind === "flag") return form.filter;
    if (form?.kind === "prefix") return this.#prefixed(form);
    if (field === undefined) throw unknownName(this.#tokens);
    if (field.column.kind === "boolean") return compare(field.column.name, "=", ["true"]);
    throw complainOf(
      this.#tokens.peek(),
      `what ${field.name} is compared by is missing`,
      `write ${field.name} with one of ${operatorsOf(field.column).join(" ")}`,
      operatorsOf(field.column),
    );
  }

  /** The operator that comes next; null when there is none, or the word `in` begins something else. */
  #operator(subject: Subject): Operator | null {
    const allowed = allowedOperators(subject);
    const token = this.#tokens.peek();
    if (token.kind === "word") {
      if (!allowed.includes("in")) return null;
      if (this.#tokens.takeWord("in")) return "in";
      if (!this.#tokens.isWord("not") || !this.#tokens.isWord("in", 1)) return null;
      this.#tokens.take();
      this.#tokens.take();
      return "not in";
    }
    const operator = OPERATORS.find((known) => token.kind === "operator" && known === token.text);
    if (operator === undefined) return null;
    if (!allowed.includes(operator)) {
      throw complainOf(
        token,
        `${subject.name} can't be compared so`,
        `use one of ${allowed.join(" ")}`,
        allowed,
      );
    }
    this.#tokens.take();
    return operator;
  }

  #comparison(subject: Subject, operator: Operator): Filter {
    const takesSet = operator === "in" || operator === "not in";
    if (!takesSet || !this.#tokens.takeKind("(")) {
      return subject.filter(operator, [this.#onlyValue(subject, operator)]);
    }
    const literals = [this.#value(subject, operator)];
    while (this.#tokens.takeKind(",")) literals.push(this.#value(subject, operator));
    if (this.#tokens.takeKind(")")) return subject.filter(operator, literals);
    throw complainOf(this.#tokens.peek(), "a , or ) is missing", "write (a, b)", [",", ")"]);
  }

  #prefixed(form: Prefix): Filter {
    const subject = subjectOf(undefined, form);
    if (subject === null) throw new TypeError(`${form.name} takes no value`);
    return expandPrefix(form, form.operator, [this.#onlyValue(subject, form.operator)]);
  }

  /** A value that no other follows: `port 443,80` is not 443. */
  #onlyValue(subject: Subject, operator: Operator): Literal {
    const literal = this.#value(subject, operator);
    const [comma, next] = [this.#tokens.peek(), this.#tokens.peek(1)];
    if (comma.kind !== "," || !allowedOperators(subject).includes("in")) return literal;
    const second = next.kind === "word" || next.kind === "text" ? quoteBack(next.text) : "...";
    const set = `${isNegated(operator) ? "not in" : "in"} (${quoteBack(literal ?? "null")}, ${second})`;
    throw complainOf(comma, "several values", `write ${subject.name} ${set}`);
  }

  #value(subject: Subject, operator: Operator): Literal {
    const token = this.#tokens.peek();
    const columns = subject.columns.map(columnNamed);
    const words = [...new Set(columns.flatMap((column) => valueWords(column, operator)))];
    const isValue =
      token.kind === "text" || (token.kind === "word" && !JOINING_WORDS.has(token.text.toLowerCase()));
    if (!isValue) throw complainOf(token, "a value is missing", valueMend(token, columns), words);
    const literal = token.kind === "word" && token.text.toLowerCase() === "null" ? null : token.text;
    for (const column of columns) {
      const operand = readOperand(column, operator, literal, subject.name);
      if (operand.kind === "complaint") throw complainOf(token, operand.problem, operand.mend, words);
    }
    if (literal !== null && subject.field?.needsUnit === true) requireUnit(token, subject.field);
    if (subject.field?.name === "host" && literal !== null) refuseAddress(token);
    this.#tokens.take();
    return literal;
  }
}

function subjectOf(field: Field | undefined, form: Prefix | undefined): Subject | null {
  if (field !== undefined) {
    const { name } = field.column;
    const filter: Subject["filter"] = (operator, literals) => compare(name, operator, literals);
    return { name: field.name, field, columns: [name], filter };
  }
  if (form === undefined) return null;
  const filter: Subject["filter"] = (operator, literals) => expandPrefix(form, operator, literals);
  return { name: comparableName(form), field: null, columns: form.columns, filter };
}

/** What takes operators where the short form is also another column's name: `host 10.0.0.1`, but `addr in (10.0.0.1, ::1)`. */
function comparableName({ name, columns }: Prefix): string {
  const [only] = columns;
  if (only !== undefined && columns.length === 1) return only;
  return findField(name) === undefined ? name : "addr";
}

function allowedOperators({ columns }: Subject): readonly Operator[] {
  const [first] = columns;
  return first === undefined ? [] : operatorsOf(columnNamed(first));
}

/** Column names in filters come from the column table. */
function columnNamed(name: ColumnName): Field["column"] {
  const field = findField(name);
  if (field === undefined) throw new TypeError(`no column ${name}`);
  return field.column;
}

function compare(column: ColumnName, operator: Operator, literals: readonly Literal[]): Filter {
  return { kind: "comparison", column, operator, literals };
}

function join(kind: "and" | "or", terms: readonly Filter[]): Filter {
  const [only] = terms;
  return only !== undefined && terms.length === 1 ? only : { kind, terms };
}

/** `rtt > 50` could be seconds or microseconds: a wrong guess would look like an answer. 0 is 0 in any unit. */
function requireUnit(token: Token, { name, column }: Field): void {
  const quantity = readQuantity(token.text, column.unit);
  if (quantity.kind !== "quantity" || quantity.hasUnit || quantity.number === 0) return;
  const plain = quantity.number;
  throw complainOf(
    token,
    `${name} needs a unit`,
    `write ${plain}us, ${plain}ms or ${plain}s, or ${column.name} for ${column.unit}`,
  );
}

/** The column `host` is the name of the observed host; `host = 10.0.0.1` would find nothing, and look like an answer. */
function refuseAddress(token: Token): void {
  if (parseNetwork(token.text) === null) return;
  throw complainOf(token, "no name of a host", `for either end write host ${token.text}`);
}

function valueMend(token: Token, [column]: readonly Field["column"][]): string {
  if (token.kind === "word") return `put a word such as ${token.text} in quotes`;
  return `write one${column === undefined ? "" : ` such as ${exampleValue(column)}`}`;
}
