import type { Connection } from "../model/connection.js";
import { createGroupSink, createSink } from "../output/create-sink.js";
import type { LiveRow } from "../tui/live/row-list.js";
import { shownColumns } from "../tui/live/settings.js";
import type { LiveState } from "../tui/live/state.js";
import { groupTableColumns } from "../view/group/group-screen-columns.js";

/** What the live view shows, as the table that `--batch` writes: all of its rows, in its columns. */
export function lastFrame({ host, rung, shown, settings, rows, size }: LiveState): string {
  const frame = { host, rung, snapshot: shown };
  const { groupBy } = settings;
  if (groupBy !== null) {
    const groups = rows.all().flatMap((row) => (row.kind === "group" ? [row.group] : []));
    const columns = groupTableColumns(groupBy, settings.listening);
    return createGroupSink("table", size.columns, columns).frame({ ...frame, rows: groups });
  }
  const sink = createSink("table", size.columns, shownColumns(settings));
  return sink.frame({ ...frame, rows: connectionsOf(rows.all()) });
}

/** The connections that rows stand for: both ends where they are one row, all of a group that is closed. */
export function connectionsOf(rows: readonly LiveRow[]): readonly Connection[] {
  return rows.flatMap((row) => {
    if (row.kind === "group") return row.isOpen ? [] : row.group.connections;
    return row.server === null ? [row.connection] : [row.connection, row.server];
  });
}
