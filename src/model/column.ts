import { addressSortKey } from "./address.js";
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
  /** Names of remote hosts by address, where they are shown. */
  readonly hostNames?: ReadonlyMap<string, string>;
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

type Read<Value, Row> = (row: Row, context: RowContext) => Value;

interface ColumnOf<Name extends string, Row, Type extends ColumnType, Kind, Value> {
  readonly name: Name;
  readonly type: Type;
  /** What its values stand for, beyond their type: how a value that a user writes is to be understood. */
  readonly kind: Kind;
  /** null for what has none. */
  readonly unit: string | null;
  /** All values that there can be; null where that is no short list. */
  readonly words: readonly string[] | null;
  /** One sentence, for the documentation. */
  readonly doc: string;
  /** Unknown, and what does not apply, is null. Text is free of control characters, integers are finite. */
  readonly value: Read<Value | null, Row>;
  readonly sortValue: Read<SortValue, Row>;
}

/** One column of a schema that all outputs share; `Name` is the literal name where it is known. */
export type Column<Name extends string = string, Row = Connection> =
  | ColumnOf<Name, Row, "string", "text" | "words" | "address", string>
  | ColumnOf<Name, Row, "integer", "quantity" | "port", number>
  | ColumnOf<Name, Row, "boolean", "boolean", boolean>
  | ColumnOf<Name, Row, "pids", "pids", readonly number[]>;

/** The order in which a column is most use to somebody who names it alone: the largest number, the first word. */
export function defaultDirection(column: Pick<Column, "type">): "asc" | "desc" {
  return column.type === "string" ? "asc" : "desc";
}

/** Text that tcptop or the kernel's own formatting made; compared by `sortValue` where the order of letters is wrong. */
export function stringColumn<const Name extends string, Row = Connection>(
  name: Name,
  doc: string,
  value: Read<string | null, Row>,
  sortValue: Read<SortValue, Row> = value,
): Column<Name, Row> {
  return { name, type: "string", kind: "text", unit: null, words: null, doc, value, sortValue };
}

/** One of a few words. */
export function wordColumn<const Name extends string, Row = Connection>(
  name: Name,
  words: readonly string[],
  doc: string,
  value: Read<string | null, Row>,
): Column<Name, Row> {
  return { name, type: "string", kind: "words", unit: null, words, doc, value, sortValue: value };
}

/** Text that a user of the host, or whoever wrote a recording, chose. */
export function outsideTextColumn<const Name extends string, Row = Connection>(
  name: Name,
  doc: string,
  read: Read<string | null, Row>,
): Column<Name, Row> {
  return stringColumn(name, doc, harmlessly(read));
}

/** An IPv4 or IPv6 address; sorted as a number. Recordings come from outside, and addresses with them. */
export function addressColumn<const Name extends string, Row = Connection>(
  name: Name,
  doc: string,
  read: Read<string | null, Row>,
): Column<Name, Row> {
  const value = harmlessly(read);
  const sortValue: Read<SortValue, Row> = (row, context) => {
    const address = read(row, context);
    return address === null ? null : addressSortKey(address);
  };
  return { name, type: "string", kind: "address", unit: null, words: null, doc, value, sortValue };
}

function harmlessly<Row>(read: Read<string | null, Row>): Read<string | null, Row> {
  return (row, context) => {
    const text = read(row, context);
    return text === null ? null : harmless(text);
  };
}

/** A count or a measure, rounded to whole units. */
export function integerColumn<const Name extends string, Row = Connection>(
  name: Name,
  unit: string | null,
  doc: string,
  read: Read<number | null, Row>,
): Column<Name, Row> {
  const value: Read<number | null, Row> = (row, context) => {
    const number = read(row, context);
    return number === null || !Number.isFinite(number) ? null : Math.round(number);
  };
  return { name, type: "integer", kind: "quantity", unit, words: null, doc, value, sortValue: value };
}

/** A port, which may have a service's name. */
export function portColumn<const Name extends string, Row = Connection>(
  name: Name,
  doc: string,
  value: Read<number | null, Row>,
): Column<Name, Row> {
  return { name, type: "integer", kind: "port", unit: null, words: null, doc, value, sortValue: value };
}

export function booleanColumn<const Name extends string, Row = Connection>(
  name: Name,
  doc: string,
  value: Read<boolean | null, Row>,
): Column<Name, Row> {
  const sortValue: Read<SortValue, Row> = (row, context) => {
    const truth = value(row, context);
    return truth === null ? null : Number(truth);
  };
  return { name, type: "boolean", kind: "boolean", unit: null, words: null, doc, value, sortValue };
}

/** A list of process ids; sorted by how many there are. */
export function pidsColumn<const Name extends string, Row = Connection>(
  name: Name,
  doc: string,
  value: Read<readonly number[] | null, Row>,
): Column<Name, Row> {
  const sortValue: Read<SortValue, Row> = (row, context) => value(row, context)?.length ?? null;
  return { name, type: "pids", kind: "pids", unit: null, words: null, doc, value, sortValue };
}
