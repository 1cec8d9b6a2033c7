import fc from "fast-check";
import { COLUMNS, type ColumnName } from "../../../src/model/columns.js";
import type { Filter, Literal, Operator } from "../../../src/view/filter/filter.js";

/** What a row shows, by column. */
export type Values = Readonly<Record<string, unknown>>;

/** A filter, and what it is to mean, told another way: by what was chosen when it was made. */
export interface FilterAndTruth {
  readonly filter: Filter;
  readonly holds: (values: Values) => boolean;
}

const RATE_UNITS = new Map([
  ["", 1],
  ["kB/s", 1000],
  ["MiB/s", 1_048_576],
  ["Mbit/s", 125_000],
]);
const TIME_UNITS = new Map([
  ["us", 1],
  ["ms", 1000],
  ["s", 1_000_000],
]);

function comparison(column: ColumnName, operator: Operator, literals: readonly Literal[]): Filter {
  return { kind: "comparison", column, operator, literals };
}

/** True of what is known and passes. */
function ifKnown<Value>(column: ColumnName, test: (value: Value) => boolean): FilterAndTruth["holds"] {
  return (values) => values[column] !== null && test(values[column] as Value);
}

function numberTest(operator: Operator, value: number, wanted: number): boolean {
  const difference = value - wanted;
  switch (operator) {
    case "<":
      return difference < 0;
    case "<=":
      return difference <= 0;
    case ">":
      return difference > 0;
    case ">=":
      return difference >= 0;
    case "=":
      return difference === 0;
    default:
      return difference !== 0;
  }
}

const numberOperator = fc.constantFrom<Operator>("=", "!=", "<", "<=", ">", ">=");

function quantity(columns: readonly ColumnName[], units: ReadonlyMap<string, number>) {
  return fc
    .tuple(
      fc.constantFrom(...columns),
      numberOperator,
      fc.integer({ min: 0, max: 5 }),
      fc.constantFrom(...units),
    )
    .map(
      ([column, operator, number, [unit, scale]]): FilterAndTruth => ({
        filter: comparison(column, operator, [`${number}${unit}`]),
        holds: ifKnown<number>(column, (value) => numberTest(operator, value, number * scale)),
      }),
    );
}

const unknown = fc.tuple(fc.constantFrom(...COLUMNS.map(({ name }) => name)), fc.boolean()).map(
  ([column, isUnknown]): FilterAndTruth => ({
    filter: comparison(column, isUnknown ? "=" : "!=", [null]),
    holds: (values) => (values[column] === null) === isUnknown,
  }),
);

/** As they are written, with the least and the most that are meant. */
const PORTS = new Map<string, readonly [number, number]>([
  ["443", [443, 443]],
  ["https", [443, 443]],
  ["53", [53, 53]],
  ["Domain", [53, 53]],
  ["53-443", [53, 443]],
  ["54-442", [54, 442]],
]);

const ports = fc
  .tuple(
    fc.constantFrom<ColumnName>("local_port", "remote_port"),
    fc.boolean(),
    fc.array(fc.constantFrom(...PORTS), { minLength: 1, maxLength: 3 }),
  )
  .map(
    ([column, isIn, chosen]): FilterAndTruth => ({
      filter: comparison(
        column,
        isIn ? "in" : "not in",
        chosen.map(([text]) => text),
      ),
      holds: ifKnown<number>(
        column,
        (value) => chosen.some(([, [least, most]]) => least <= value && value <= most) === isIn,
      ),
    }),
  );

function ipv4Number(text: string): number {
  return text.split(".").reduce((number, octet) => number * 256 + Number(octet), 0);
}

const networks = fc
  .tuple(
    fc.constantFrom<ColumnName>("local_addr", "remote_addr"),
    fc.boolean(),
    fc.array(
      fc.tuple(fc.constantFrom("10.0.0.1", "10.1.0.0", "192.0.2.1"), fc.integer({ min: 0, max: 32 })),
      {
        minLength: 1,
        maxLength: 3,
      },
    ),
  )
  .map(
    ([column, isIn, chosen]): FilterAndTruth => ({
      filter: comparison(
        column,
        isIn ? "in" : "not in",
        chosen.map(([address, prefix]) => `${address}/${prefix}`),
      ),
      holds: ifKnown<string>(column, (value) => {
        const isWithin = ([address, prefix]: readonly [string, number]) =>
          !value.includes(":") &&
          Math.floor(ipv4Number(value) / 2 ** (32 - prefix)) ===
            Math.floor(ipv4Number(address) / 2 ** (32 - prefix));
        return chosen.some(isWithin) === isIn;
      }),
    }),
  );

/** What people and machines write: also quotes, backslashes, and words that mean something. */
const text = fc.oneof(
  fc.constantFrom("curl", "and", "null", "not", "in", 'a "b"', "a\\", "", "x y", "(", "nginx: worker"),
  fc.string({ maxLength: 5 }),
);

const texts = fc
  .tuple(
    fc.constantFrom<ColumnName>("comm", "user", "cmdline"),
    fc.constantFrom<Operator>("=", "!=", "in", "not in"),
    fc.array(text, { minLength: 1, maxLength: 3 }),
  )
  .map(([column, operator, all]): FilterAndTruth => {
    const chosen = operator === "=" || operator === "!=" ? all.slice(0, 1) : all;
    const isWanted = operator === "=" || operator === "in";
    return {
      filter: comparison(column, operator, chosen),
      holds: ifKnown<string>(column, (value) => chosen.includes(value) === isWanted),
    };
  });

/** Pieces with holes between them; as a regular expression, which may be slow but is short here. */
const patterns = fc
  .tuple(
    fc.constantFrom<ColumnName>("comm", "remote_addr", "state"),
    fc.boolean(),
    fc.array(fc.constantFrom("*", "?", "c", "UR", "1", ".", "s", "T"), { minLength: 1, maxLength: 6 }),
  )
  .map(([column, isWanted, pieces]): FilterAndTruth => {
    const hasHoles = pieces.some((piece) => piece === "*" || piece === "?");
    const source = pieces
      .map((piece) => piece.replace(".", "\\.").replace("*", "[^]*").replace("?", "[^]"))
      .join("");
    const expression = new RegExp(hasHoles ? `^${source}$` : source, "iu");
    return {
      filter: comparison(column, isWanted ? "~" : "!~", [pieces.join("")]),
      holds: ifKnown<string>(column, (value) => expression.test(value) === isWanted),
    };
  });

const words = fc
  .tuple(
    fc.constantFrom(["ESTABLISHED", "established"], ["TIME_WAIT", "time-wait"], ["LISTEN", "Listen"]),
    fc.boolean(),
  )
  .map(
    ([[word, written], isWanted]): FilterAndTruth => ({
      filter: comparison("state", isWanted ? "=" : "!=", [written ?? ""]),
      holds: ifKnown<string>("state", (value) => (value === word) === isWanted),
    }),
  );

const truths = fc.boolean().map(
  (isClosed): FilterAndTruth => ({
    filter: comparison("closed", "=", [String(isClosed)]),
    holds: ifKnown<boolean>("closed", (value) => value === isClosed),
  }),
);

const pids = fc.tuple(fc.integer({ min: 1, max: 4 }), fc.boolean()).map(
  ([pid, isWanted]): FilterAndTruth => ({
    filter: comparison("owners", isWanted ? "=" : "!=", [String(pid)]),
    holds: ifKnown<readonly number[]>("owners", (value) => value.includes(pid) === isWanted),
  }),
);

const one = fc.oneof(
  quantity(["tx_rate", "rx_rate"], RATE_UNITS),
  quantity(["rtt_us"], TIME_UNITS),
  quantity(["retrans", "pid"], new Map([["", 1]])),
  unknown,
  ports,
  networks,
  texts,
  patterns,
  words,
  truths,
  pids,
);

/** Filters of every kind, joined in every way. */
export const filterAndTruth: fc.Arbitrary<FilterAndTruth> = fc.letrec<{ any: FilterAndTruth }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    one,
    tie("any").map(
      ({ filter, holds }): FilterAndTruth => ({
        filter: { kind: "not", term: filter },
        holds: (values) => !holds(values),
      }),
    ),
    fc.tuple(fc.boolean(), fc.array(tie("any"), { minLength: 2, maxLength: 3 })).map(
      ([isAll, terms]): FilterAndTruth => ({
        filter: { kind: isAll ? "and" : "or", terms: terms.map(({ filter }) => filter) },
        holds: (values) =>
          isAll ? terms.every(({ holds }) => holds(values)) : terms.some(({ holds }) => holds(values)),
      }),
    ),
  ),
})).any;
