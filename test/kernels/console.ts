import { RUNGS, type Rung } from "../../src/model/rung.js";
import { SUITES } from "./matrix.js";
import type { Note, ToldTest } from "./results.js";

const TEST_LINE = /^(ok|not ok) (\S+) (\S+) (.*)$/;
const NOTE_LINE = /^#! (\S+) (.*)$/;
const PLAN_LINE = /^1\.\.(\d+) (\S+)$/;
const NOTE_KINDS: readonly Note["kind"][] = ["refusal", "lack", "shortfall", "limit"];
const LAST_WORDS = 15;

/** Reads what a guest says on its serial line: what serial-reporter.ts writes, among what the kernel has to say. */
export class GuestConsole {
  readonly tests: ToldTest[] = [];
  release = "unknown";
  version = "unknown";
  /** Errors outside of the tests. */
  strayFailures = 0;
  readonly #plans = new Map<string, number>();
  readonly #lastWords: string[] = [];

  /** Takes one line; true where it tells of tests, and is for people to see. */
  take(line: string): boolean {
    this.#lastWords.push(line);
    if (this.#lastWords.length > LAST_WORDS) this.#lastWords.shift();
    const [, verdict, rungName, suiteName, name = ""] = TEST_LINE.exec(line) ?? [];
    const rung = RUNGS.find((known) => known === rungName);
    if (rung !== undefined) {
      const suite = SUITES.find((known) => known === suiteName) ?? null;
      this.tests.push({ rung, suite, name, isOk: verdict === "ok", notes: [] });
      return true;
    }
    if (verdict !== undefined) {
      this.strayFailures += 1;
      return true;
    }
    const [, kind, text = ""] = NOTE_LINE.exec(line) ?? [];
    if (kind !== undefined) {
      this.#takeNote(kind, text);
      return false;
    }
    const [, count, planned = ""] = PLAN_LINE.exec(line) ?? [];
    if (count !== undefined) this.#plans.set(planned, Number(count));
    return line.startsWith("# ");
  }

  /** The tests of one rung, all of which it planned have been told; null before that. */
  testsOf(rung: Rung): readonly ToldTest[] | null {
    const tests = this.tests.filter((test) => test.rung === rung);
    return tests.length > 0 && this.#plans.get(rung) === tests.length ? tests : null;
  }

  lastWords(): readonly string[] {
    return this.#lastWords;
  }

  #takeNote(kindName: string, text: string): void {
    if (kindName === "kernel") this.release = text;
    if (kindName === "version") this.version = /Debian \S+/.exec(text)?.[0] ?? text;
    const kind = NOTE_KINDS.find((known) => known === kindName);
    const last = this.tests.at(-1);
    if (kind === undefined || last === undefined) return;
    this.tests[this.tests.length - 1] = { ...last, notes: [...last.notes, { kind, text }] };
  }
}
