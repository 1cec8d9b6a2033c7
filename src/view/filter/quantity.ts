type Units = ReadonlyMap<string, number>;

const BYTE_PREFIXES: readonly (readonly [string, number])[] = [
  ["k", 1e3],
  ["M", 1e6],
  ["G", 1e9],
  ["T", 1e12],
];
const BINARY_PREFIXES: readonly (readonly [string, number])[] = [
  ["Ki", 2 ** 10],
  ["Mi", 2 ** 20],
  ["Gi", 2 ** 30],
  ["Ti", 2 ** 40],
];

const BYTES: Units = new Map([
  ["B", 1],
  ...BYTE_PREFIXES.map(([prefix, scale]) => [`${prefix}B`, scale] as const),
  ...BINARY_PREFIXES.map(([prefix, scale]) => [`${prefix}B`, scale] as const),
  // As the table on the screen writes them.
  ...BYTE_PREFIXES,
]);

// No bps: it is bits to some programs and bytes to others.
const BITS: Units = new Map([
  ["bit", 1 / 8],
  ...BYTE_PREFIXES.map(([prefix, scale]) => [`${prefix}bit`, scale / 8] as const),
]);

const BYTES_PER_SECOND: Units = new Map(
  [...BYTES, ...BITS].flatMap(([name, scale]) => [[`${name}/s`, scale] as const, [name, scale] as const]),
);

const MICROSECONDS: Units = new Map([
  ["us", 1],
  ["µs", 1],
  // The Greek letter, which many keyboards give for the micro sign.
  ["μs", 1],
  ["ms", 1e3],
  ["s", 1e6],
  ["m", 60e6],
  ["min", 60e6],
  ["h", 3600e6],
  ["d", 86_400e6],
]);

const MILLISECONDS: Units = new Map([...MICROSECONDS].map(([name, scale]) => [name, scale / 1e3]));

const UNITS: ReadonlyMap<string | null, Units> = new Map([
  ["bytes", BYTES],
  ["bytes/s", BYTES_PER_SECOND],
  ["µs", MICROSECONDS],
  ["ms", MILLISECONDS],
]);

const QUANTITY = /^(\d+(?:\.\d+)?|\.\d+)(.*)$/s;

/** The units that a value of a column with that unit can have, in their plainest spelling; none for a plain count. */
export function unitNames(columnUnit: string | null): readonly string[] {
  const names = [...(UNITS.get(columnUnit)?.keys() ?? [])];
  const endings = columnUnit === "bytes/s" ? ["B/s", "bit/s"] : ["B", "s", "m", "h", "d"];
  return names.filter((name) => name !== "μs" && endings.some((ending) => name.endsWith(ending)));
}

/** Whether the word is a unit of anything. */
export function isUnit(word: string): boolean {
  return [...UNITS.values()].some((units) => units.has(word));
}

export type Quantity =
  | { readonly kind: "quantity"; readonly number: number; readonly hasUnit: boolean }
  | { readonly kind: "no number" }
  | { readonly kind: "no such unit"; readonly unit: string };

/** A number with or without a unit, in the unit of its column: `1.5MB/s` for `bytes/s` is 1,500,000. */
export function readQuantity(text: string, columnUnit: string | null): Quantity {
  const [, digits, unit = ""] = QUANTITY.exec(text) ?? [];
  if (digits === undefined) return { kind: "no number" };
  const scale = unit === "" ? 1 : UNITS.get(columnUnit)?.get(unit);
  if (scale === undefined) return { kind: "no such unit", unit };
  // 15 digits are what a number holds exactly: 1.1 * 1000 is not to become 1100.0000000000002.
  return {
    kind: "quantity",
    number: Number((Number(digits) * scale).toPrecision(15)),
    hasUnit: unit !== "",
  };
}
