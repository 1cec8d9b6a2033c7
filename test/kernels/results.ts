import { RUNGS, type Rung } from "../../src/model/rung.js";
import { ARCHITECTURES, type Architecture, KERNELS, type Kernel, SUITES, type Suite } from "./matrix.js";

// What a run found out, and how it is kept: test/kernels/results.json.

/** What a test noted of what it showed. */
export interface Note {
  /**
   * refusal: why the rung can't be had; lack: why it can't show this; shortfall: why it does not show all, and how it says so;
   * limit: what to know of what it shows.
   */
  readonly kind: "refusal" | "lack" | "shortfall" | "limit";
  readonly text: string;
}

/** The tests of one suite, by name. */
export interface SuiteResult {
  readonly passed: readonly string[];
  readonly failed: readonly string[];
  readonly notes: readonly Note[];
}

/** One rung on one kernel. */
export interface ResultRow {
  readonly kernel: Kernel;
  readonly architecture: Architecture;
  readonly rung: Rung;
  /** "6.1.0-50-cloud-amd64" */
  readonly release: string;
  /** "Debian 6.1.159-1" */
  readonly version: string;
  readonly suites: Readonly<Partial<Record<Suite, SuiteResult>>>;
}

/** The rows of both, in the order of kernels and rungs; of a row that both have, the newer one. */
export function mergeRows(older: readonly ResultRow[], newer: readonly ResultRow[]): readonly ResultRow[] {
  const rows = new Map([...older, ...newer].map((row) => [keyOf(row), row]));
  const place = ({ kernel, architecture, rung }: ResultRow): readonly number[] => [
    ARCHITECTURES.indexOf(architecture),
    KERNELS.indexOf(kernel),
    RUNGS.indexOf(rung),
  ];
  return [...rows.values()].sort((a, b) => compare(place(a), place(b)));
}

function keyOf({ kernel, architecture, rung }: ResultRow): string {
  return `${kernel} ${architecture} ${rung}`;
}

function compare(a: readonly number[], b: readonly number[]): number {
  const differs = a.findIndex((each, index) => each !== b[index]);
  return (a[differs] ?? 0) - (b[differs] ?? 0);
}

/** One line that a guest told of a test. */
export interface ToldTest {
  readonly rung: Rung;
  /** null: its file belongs to no suite. */
  readonly suite: Suite | null;
  readonly name: string;
  readonly isOk: boolean;
  readonly notes: readonly Note[];
}

/** The tests of one rung, by their suites. */
export function suiteResultsOf(tests: readonly ToldTest[]): Readonly<Partial<Record<Suite, SuiteResult>>> {
  const suites = SUITES.map((suite) => {
    const own = tests.filter((test) => test.suite === suite);
    const names = (isOk: boolean) => own.filter((test) => test.isOk === isOk).map(({ name }) => name);
    const notes = new Map(own.flatMap((test) => test.notes).map((note) => [note.text, note]));
    return [suite, { passed: names(true), failed: names(false), notes: [...notes.values()] }] as const;
  });
  return Object.fromEntries(suites.filter(([, { passed, failed }]) => passed.length + failed.length > 0));
}
