import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { mergeRows, type ResultRow } from "../test/kernels/results.js";

const RECORDED = "test/kernels/results.json";
const FOUND = "build/kernels/results.json";

/** What runs of the matrix found, as committed. */
export function recordedRows(path: string | URL = RECORDED): readonly ResultRow[] {
  // Written by this program and its runner alone, and reviewed as a change of the repository.
  const { rows } = JSON.parse(readFileSync(path, "utf8")) as { readonly rows: readonly ResultRow[] };
  return rows;
}

/** Takes the last run's rows into what is committed; rows that it did not run stay as they were. */
export function recordLastRun(): readonly ResultRow[] {
  const rows = mergeRows(existsSync(RECORDED) ? recordedRows() : [], recordedRows(FOUND));
  writeFileSync(RECORDED, `${JSON.stringify({ rows }, null, 2)}\n`);
  return rows;
}
