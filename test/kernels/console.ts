import { RUNGS, type Rung } from "../../src/model/rung.js";
import { SUITES } from "./matrix.js";
import type { Note, ToldTest } from "./results.js";

const TEST_LINE = /^(ok|not ok) (\S+) (\S+) (.*)$/;
const NOTE_LINE = /^#! (\S+) (.*)$/;
const PLAN_LINE = /^1\.\.(\d+)$/;
const NOTE_KINDS: readonly Note["kind"][] = ["refusal", "lack", "limit"];
const LAST_WORDS = 15;

/** Reads what a guest says on its serial line: what serial-reporter.ts writes, among what the kernel has to say. */
export class GuestConsole {
  readonly tests: ToldTest[] = [];
  release = "unknown";
  version = "unknown";
  /** Failures that are of no rung: a file that does not load, an error outside of the tests. */
  strayFailures = 0;
  #told = 0;
  #planned = 0;
  #hasEnded = false;
  readonly #lastWords: string[] = [];

  /** Takes one line; true where it tells of tests, and is for people to see. */
  take(line: string): boolean {
    this.#lastWords.push(line);
    if (this.#lastWords.length > LAST_WORDS) this.#lastWords.shift();
    const [, verdict, rung = "", suite = "", name = ""] = TEST_LINE.exec(line) ?? [];
    if (verdict !== undefined) {
      this.#takeTest(verdict === "ok", rung, suite, name);
      return true;
    }
    const [, kind, text = ""] = NOTE_LINE.exec(line) ?? [];
    if (kind !== undefined) {
      this.#takeNote(kind, text);
      return false;
    }
    this.#planned += Number(PLAN_LINE.exec(line)?.[1] ?? 0);
    if (line === "# the end") this.#hasEnded = true;
    return line.startsWith("# ");
  }

  /** It came to its end, and told all the tests that it had planned. */
  isComplete(): boolean {
    return this.#hasEnded && this.#told > 0 && this.#told === this.#planned;
  }

  lastWords(): readonly string[] {
    return this.#lastWords;
  }

  #takeTest(isOk: boolean, rungName: string, suiteName: string, name: string): void {
    this.#told += 1;
    const rung: Rung | undefined = RUNGS.find((known) => known === rungName);
    if (rung === undefined) {
      this.strayFailures += 1;
      return;
    }
    const suite = SUITES.find((known) => known === suiteName) ?? null;
    this.tests.push({ rung, suite, name, isOk, notes: [] });
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
