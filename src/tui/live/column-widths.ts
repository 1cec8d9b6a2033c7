import type { ColumnName } from "../../model/columns.js";
import type { Size } from "../screen/screen.js";
import type { RowList } from "./row-list.js";
import type { Settings } from "./settings.js";

/** Of each column, in terminal columns. */
export type Widths = ReadonlyMap<ColumnName, number>;

/** For how many snapshots a column stays as wide as it was when nothing needs that any more. */
export const KEPT_SNAPSHOTS = 10;

interface Kept {
  readonly width: number;
  /** The most that was needed since then. */
  readonly lately: number;
  /** Snapshots since something needed all of it. */
  readonly snapshots: number;
}

/** Columns as wide as their rows need, from frame to frame: they grow at once, and shrink late, or they would jump with every value. */
export class ColumnWidths {
  #kept: ReadonlyMap<ColumnName, Kept> = new Map();

  /** How wide the columns are, by what the rows on the screen need; `isNext` for those of a further snapshot. */
  take(needed: Widths, isNext: boolean): Widths {
    const kept = new Map<ColumnName, Kept>();
    for (const [name, width] of needed) kept.set(name, keptOf(this.#kept.get(name), width, isNext));
    this.#kept = kept;
    return new Map([...kept].map(([name, { width }]) => [name, width]));
  }

  /** The next widths are those that are needed. */
  forget(): void {
    this.#kept = new Map();
  }
}

function keptOf(before: Kept | undefined, needed: number, isNext: boolean): Kept {
  if (before === undefined || needed >= before.width) return { width: needed, lately: 0, snapshots: 0 };
  const lately = Math.max(before.lately, needed);
  const snapshots = before.snapshots + (isNext ? 1 : 0);
  return snapshots < KEPT_SNAPSHOTS
    ? { width: before.width, lately, snapshots }
    : { width: lately, lately: 0, snapshots: 0 };
}

/** What of the state a table on the screen is made of. */
interface Table {
  readonly size: Size;
  readonly settings: Settings;
  readonly rows: RowList;
  readonly top: number;
  readonly hostNames: ReadonlyMap<string, string>;
}

/** What makes it another table: the user sees that change anyway, and wants it as it is best. */
const ARRANGEMENT = [
  ...(["filter", "sort", "groupBy", "active", "listening", "pairs", "names"] as const),
  ...(["columns", "listeningColumns"] as const),
] as const satisfies readonly (keyof Settings)[];

export function isSameTable(one: Table, other: Table): boolean {
  return one.size === other.size && ARRANGEMENT.every((name) => one.settings[name] === other.settings[name]);
}

/** Whether what columns need may be something else. */
export function hasOtherRows(one: Table, other: Table): boolean {
  const isSame = one.rows === other.rows && one.top === other.top && one.hostNames === other.hostNames;
  return !isSame || !isSameTable(one, other);
}
