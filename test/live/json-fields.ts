/** What a line of JSON said, before anything is known of it. Every reader throws where it says something else. */
export type Fields = Readonly<Record<string, unknown>>;

export function asFields(value: unknown): Fields {
  if (typeof value !== "object" || value === null) throw new Error("expected an object");
  return Object.fromEntries(Object.entries(value));
}

export function asCount(value: unknown, key: string): number {
  if (typeof value !== "number" || !Number.isSafeInteger(value)) throw new Error(`${key} is no whole number`);
  return value;
}

export function count(fields: Fields, key: string): number {
  return asCount(fields[key], key);
}

export function text(fields: Fields, key: string): string {
  const value = fields[key];
  if (typeof value !== "string") throw new Error(`${key} is no text`);
  return value;
}

export function list(fields: Fields, key: string): readonly unknown[] {
  const value = fields[key];
  if (!Array.isArray(value)) throw new Error(`${key} is no list`);
  return value;
}

export function oneOf<Word extends string>(fields: Fields, key: string, words: readonly Word[]): Word {
  const word = words.find((candidate) => candidate === fields[key]);
  if (word === undefined) throw new Error(`${key} is none of ${words.join(", ")}`);
  return word;
}

export function orNull<Value>(
  fields: Fields,
  key: string,
  read: (fields: Fields, key: string) => Value,
): Value | null {
  return fields[key] === null ? null : read(fields, key);
}
