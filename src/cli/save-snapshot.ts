import { closeSync, constants, openSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Connection } from "../model/connection.js";
import type { Rung } from "../model/rung.js";
import type { Snapshot } from "../model/snapshot.js";
import { harmless } from "../model/text.js";
import { createSink } from "../output/create-sink.js";

/** What of a snapshot is on the screen. */
export interface ShownRows {
  readonly host: string;
  readonly rung: Rung;
  readonly snapshot: Snapshot;
  readonly rows: readonly Connection[];
}

/** Writes rows as NDJSON to a new file of the working folder, and tells in words what came of it. */
export function saveSnapshot(shown: ShownRows): string {
  const stamp = new Date(shown.snapshot.timeMs).toISOString().replaceAll(/[:.]/g, "-");
  const path = resolve(`tcptop-${stamp}.ndjson`);
  try {
    // A file that is there, or a link that somebody has put there, is not written to. Command lines are not for everybody.
    const fd = openSync(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600);
    try {
      writeFileSync(fd, createSink("ndjson", null).frame(shown));
    } finally {
      closeSync(fd);
    }
    return `${shown.rows.length} rows written to ${harmless(path)}`;
  } catch (error) {
    return `not written: ${harmless(error instanceof Error ? error.message : String(error))}`;
  }
}
