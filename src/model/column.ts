import type { Connection } from "./connection.js";
import type { Snapshot } from "./snapshot.js";
import { harmless } from "./text.js";

/** What a row needs beside its connection: the same for all rows of one snapshot. */
export interface RowContext {
  /** When the snapshot was taken: RFC 3339, UTC, milliseconds. */
  readonly time: string;
  /** The same instant in ns since boot. */
  readonly readNs: number;
  readonly host: string;
}

export function rowContext(snapshot: Pick<Snapshot, "timeMs" | "readNs">, host: string): RowContext {
  return {
    time: new Date(snapshot.timeMs).toISOString(),
    readNs: snapshot.readNs,
    host: harmless(host),
  };
}

export type ColumnType = "string" | "integer" | "boolean" | "pids";

/** What a column compares rows by; null sorts last in either direction. */
export type SortValue = string | number | null;

type Read<Value> = (connection: Connection, context: RowContext) => Value;

interface ColumnOf<Name extends string, Type extends ColumnType, Value> {
  readonly name: Name;
  readonly type: Type;
  /** null for what has none. */
  readonly unit: string | null;
  /** One sentence, for the documentation. */
  readonly doc: string;
  /** Unknown, and what does not apply, is null. Text is free of control characters, integers are finite. */
  readonly value: Read<Value | null>;
  readonly sortValue: Read<SortValue>;
}

/** One column of the schema that all outputs share; `Name` is the literal name where it is known. */
export type Column<Name extends string = string> =
  | ColumnOf<Name, "string", string>
  | ColumnOf<Name, "integer", number>
  | ColumnOf<Name, "boolean", boolean>
  | ColumnOf<Name, "pids", readonly number[]>;

/** The order in which a column is most use to somebody who names it alone: the largest number, the first word. */
export function defaultDirection(column: Column): "asc" | "desc" {
  return column.type === "string" ? "asc" : "desc";
}

/** Text that tcptop or the kernel's own formatting made; compared by `sortValue` where the order of letters is wrong. */
export function stringColumn<const Name extends string>(
  name: Name,
  doc: string,
  value: Read<string | null>,
  sortValue: Read<SortValue> = value,
): Column<Name> {
  return { name, type: "string", unit: null, doc, value, sortValue };
}

/** Text that a user of the host, or whoever wrote a recording, chose. */
export function outsideTextColumn<const Name extends string>(
  name: Name,
  doc: string,
  read: Read<string | null>,
  sortValue?: Read<SortValue>,
): Column<Name> {
  const value: Read<string | null> = (connection, context) => {
    const text = read(connection, context);
    return text === null ? null : harmless(text);
  };
  return stringColumn(name, doc, value, sortValue);
}

/** A count or a measure, rounded to whole units. */
export function integerColumn<const Name extends string>(
  name: Name,
  unit: string | null,
  doc: string,
  read: Read<number | null>,
): Column<Name> {
  const value: Read<number | null> = (connection, context) => {
    const number = read(connection, context);
    return number === null || !Number.isFinite(number) ? null : Math.round(number);
  };
  return { name, type: "integer", unit, doc, value, sortValue: value };
}

export function booleanColumn<const Name extends string>(
  name: Name,
  doc: string,
  value: Read<boolean | null>,
): Column<Name> {
  const sortValue: Read<SortValue> = (connection, context) => {
    const truth = value(connection, context);
    return truth === null ? null : Number(truth);
  };
  return { name, type: "boolean", unit: null, doc, value, sortValue };
}

/** A list of process ids; sorted by how many there are. */
export function pidsColumn<const Name extends string>(
  name: Name,
  doc: string,
  value: Read<readonly number[] | null>,
): Column<Name> {
  return {
    name,
    type: "pids",
    unit: null,
    doc,
    value,
    sortValue: (connection, context) => value(connection, context)?.length ?? null,
  };
}
