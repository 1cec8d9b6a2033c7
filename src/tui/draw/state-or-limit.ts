import type { ColumnName } from "../../model/columns.js";
import type { Connection } from "../../model/connection.js";
import type { Limit } from "../../model/limits.js";
import type { ScreenColumn } from "../../model/screen-columns.js";
import type { PlacedColumn } from "../../model/screen-layout.js";

/** Of STATE, where it says what LIMITED has no room to say. */
const TITLE = "STATE/WHY";

/**
 * The columns as they were placed. Where LIMITED was wanted and has no room, STATE has its word in place of ESTABLISHED: most
 * are that, and why they are slow is what somebody looks for. Sorting by it stays sorting by states.
 */
export function withLimitInState(
  wanted: readonly ScreenColumn[],
  placed: readonly PlacedColumn<ScreenColumn>[],
): readonly PlacedColumn<ScreenColumn>[] {
  const isHere = ({ sortedBy }: ScreenColumn) => sortedBy === "limited_by";
  if (!wanted.some(isHere) || placed.some(({ column }) => isHere(column))) return placed;
  return placed.map((one) =>
    one.column.sortedBy === "state" ? { ...one, column: stateOrLimit(one.column) } : one,
  );
}

function stateOrLimit(state: ScreenColumn): ScreenColumn {
  return {
    ...state,
    title: TITLE,
    text: (connection, context) => limitInPlaceOfState(connection) ?? state.text(connection, context),
  };
}

/** By which column the cell of a connection is coloured. */
export function coloredBy({ sortedBy, title }: ScreenColumn, connection: Connection): ColumnName {
  return title === TITLE && limitInPlaceOfState(connection) !== null ? "limited_by" : sortedBy;
}

/** Any other state than ESTABLISHED says more than what limits it. */
function limitInPlaceOfState({ state, closed, limits }: Connection): Limit | null {
  return state === "ESTABLISHED" && !closed ? (limits?.limitedBy ?? null) : null;
}
