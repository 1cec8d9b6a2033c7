import { closeSync, constants, openSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
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

/** Of one instant: what is written twice may have been arranged anew in between. */
const MOST_FILES = 9;
const WORKING_FOLDER = ".";

/**
 * Writes rows as NDJSON to a new file of the working folder, or, where none can be made in that, of the folder for temporary
 * files, and tells in words what came of it. Root without CAP_DAC_OVERRIDE may not write to other users' folders.
 */
export function saveSnapshot(
  shown: ShownRows,
  folders: readonly string[] = [WORKING_FOLDER, tmpdir()],
): string {
  const stamp = new Date(shown.snapshot.timeMs).toISOString().replaceAll(/[:.]/g, "-");
  try {
    const text = createSink("ndjson", null).frame(shown);
    const { fd, path } = newFile(folders, `tcptop-${stamp}`);
    try {
      writeFileSync(fd, text);
    } finally {
      closeSync(fd);
    }
    return `${shown.rows.length} rows written to ${harmless(path)}`;
  } catch (error) {
    return `not written: ${harmless(error instanceof Error ? error.message : String(error))}`;
  }
}

interface NewFile {
  readonly fd: number;
  readonly path: string;
}

/** @throws Error that names each folder, and what is wrong with it. */
function newFile(folders: readonly string[], name: string): NewFile {
  const failures: unknown[] = [];
  for (const folder of folders) {
    try {
      return newFileIn(folder, name);
    } catch (error) {
      failures.push(error);
    }
  }
  const reasons = failures.map(
    (error, at) => `${folders[at] === WORKING_FOLDER ? "here" : folders[at]}: ${codeOf(error)}`,
  );
  throw new Error(`${reasons.join(", ")}; set TMPDIR to a folder that tcptop may write to`);
}

function newFileIn(folder: string, name: string): NewFile {
  for (let number = 1; ; number++) {
    const path = resolve(folder, `${name}${number === 1 ? "" : `-${number}`}.ndjson`);
    try {
      // A file that is there, or a link that somebody has put there, is not written to. Command lines are not for everybody.
      return { fd: openSync(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600), path };
    } catch (error) {
      if (codeOf(error) !== "EEXIST" || number === MOST_FILES) throw error;
    }
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : String(error);
}
