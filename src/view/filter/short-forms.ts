import type { ColumnName } from "../../model/columns.js";
import type { Comparison, Filter, Literal, Operator } from "./filter.js";
import { isNegated } from "./filter.js";

/** A word that is a whole condition: `tcp`. */
export interface Flag {
  readonly kind: "flag";
  readonly name: string;
  readonly filter: Filter;
}

/** A word with a value behind it: `port 443`. */
export interface Prefix {
  readonly kind: "prefix";
  readonly name: string;
  /** True when it is true of any of them: both ends, mostly. */
  readonly columns: readonly ColumnName[];
  readonly operator: Operator;
  /** A value, for the documentation. */
  readonly example: string;
}

export type ShortForm = Flag | Prefix;

/** What tcpdump's users type, and what names a process quickly. */
export const SHORT_FORMS: readonly ShortForm[] = [
  flag("tcp", is("proto", "tcp")),
  flag("udp", is("proto", "udp")),
  flag("ip", is("family", "4")),
  flag("ip6", is("family", "6")),
  flag("in", is("direction", "in")),
  flag("out", is("direction", "out")),
  flag("open", is("closed", "false")),
  // As isListening (src/model/connection.ts) has it.
  flag("listening", {
    kind: "or",
    terms: [
      is("state", "LISTEN"),
      { kind: "and", terms: [is("state", "UNCONN"), compare("idle_ms", "=", [null])] },
    ],
  }),
  prefix("host", ["local_addr", "remote_addr"], "in", "10.0.0.0/8"),
  prefix("net", ["local_addr", "remote_addr"], "in", "10.0.0.0/8"),
  prefix("addr", ["local_addr", "remote_addr"], "in", "10.1.2.3"),
  prefix("port", ["local_port", "remote_port"], "=", "https"),
  prefix("portrange", ["local_port", "remote_port"], "in", "8000-8080"),
  prefix("pid", ["owners"], "=", "4711"),
  prefix("comm", ["comm"], "~", "nginx"),
  prefix("user", ["user"], "=", "www-data"),
  prefix("container", ["container"], "~", "docker:0123"),
  prefix("netns", ["netns"], "=", "blue"),
  prefix("state", ["state"], "=", "time-wait"),
];

const formsByName: ReadonlyMap<string, ShortForm> = new Map(SHORT_FORMS.map((form) => [form.name, form]));

/** The short form of that name, in either case; undefined when there is none. */
export function findShortForm(name: string): ShortForm | undefined {
  return formsByName.get(name.toLowerCase());
}

/**
 * A short form at full length. Of two ends, "is" is true of either, and "is not" of neither: `port != 443` is everything
 * that has 443 on no end.
 */
export function expandPrefix(form: Prefix, operator: Operator, literals: readonly Literal[]): Filter {
  if (form.columns.length === 1) return anyOf(form.columns, operator, literals);
  if (!isNegated(operator)) return anyOf(form.columns, operator, literals);
  return { kind: "not", term: anyOf(form.columns, oppositeOf(operator), literals) };
}

function anyOf(columns: readonly ColumnName[], operator: Operator, literals: readonly Literal[]): Filter {
  const terms = columns.map((column) => compare(column, operator, literals));
  const [only] = terms;
  return only !== undefined && terms.length === 1 ? only : { kind: "or", terms };
}

function oppositeOf(operator: Operator): Operator {
  switch (operator) {
    case "!=":
      return "=";
    case "!~":
      return "~";
    default:
      return "in";
  }
}

function is(column: ColumnName, word: string): Comparison {
  return compare(column, "=", [word]);
}

function compare(column: ColumnName, operator: Operator, literals: readonly Literal[]): Comparison {
  return { kind: "comparison", column, operator, literals };
}

function flag(name: string, filter: Filter): Flag {
  return { kind: "flag", name, filter };
}

function prefix(name: string, columns: readonly ColumnName[], operator: Operator, example: string): Prefix {
  return { kind: "prefix", name, columns, operator, example };
}
