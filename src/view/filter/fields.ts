import type { Column } from "../../model/column.js";
import { COLUMNS, type ColumnName } from "../../model/columns.js";

/** A name that a filter can ask for a column by. */
export interface Field {
  readonly name: string;
  readonly column: Column<ColumnName>;
  /** The name does not say the unit (`rtt` for `rtt_us`), so the value has to. */
  readonly needsUnit: boolean;
}

/** Times can be named without their unit: `rtt > 50ms` reads better than `rtt_us > 50ms`. */
const UNIT_ENDINGS: ReadonlyMap<string | null, string> = new Map([
  ["µs", "_us"],
  ["ms", "_ms"],
]);

/** All fields: each column, behind it its name without the unit. */
export const FIELDS: readonly Field[] = COLUMNS.flatMap(fieldsOf);

const fieldsByName: ReadonlyMap<string, Field> = new Map(FIELDS.map((field) => [field.name, field]));

/** The field of that name, in either case; undefined when there is none. */
export function findField(name: string): Field | undefined {
  return fieldsByName.get(name.toLowerCase());
}

function fieldsOf(column: Column<ColumnName>): readonly Field[] {
  const field: Field = { name: column.name, column, needsUnit: false };
  const ending = UNIT_ENDINGS.get(column.unit);
  if (ending === undefined || !column.name.endsWith(ending)) return [field];
  return [field, { name: column.name.slice(0, -ending.length), column, needsUnit: true }];
}
