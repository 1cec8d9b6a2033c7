import { execFileSync } from "node:child_process";
import { appendFileSync, copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { RUNGS, type Rung } from "../../src/model/rung.js";
import { GuestConsole } from "./console.js";
import { runGuest } from "./guest.js";
import {
  ARCHITECTURES,
  filesOf,
  type Host,
  KERNELS,
  type Kernel,
  LOCKDOWNS,
  LOCKED_DOWN_FILES,
  type Lockdown,
  SUITES,
  type Suite,
  TRIED_RUNGS,
} from "./matrix.js";
import { mergeRows, type ResultRow, suiteResultsOf } from "./results.js";

// Boots the kernels, tells the tests, writes what was found; test/kernels/run says how it is called.

interface Request {
  readonly architecture: Host["architecture"];
  readonly targets: readonly Target[];
  readonly deadlineSeconds: number;
  readonly guestsAtOnce: number;
  readonly initramfs: string;
}

/** A kernel, and the rungs to try on it. */
interface Target {
  readonly kernel: Kernel;
  /** null: as it boots of itself. */
  readonly lockdown: Lockdown | null;
  /** Of test files to run instead of the suites', "tcp-exact,loss"; nothing is recorded then. */
  readonly files: string;
  readonly rungs: readonly Rung[];
}

const { ARCH, RUNGS: RUNG_NAMES = "", FILES = "", DEADLINE_SECONDS, GUESTS, INITRAMFS = "" } = process.env;
let passed = 0;
let failed = 0;

/** As it is given to test/kernels/run. */
function nameOf({ kernel, lockdown }: Pick<Target, "kernel" | "lockdown">): string {
  return lockdown === null ? kernel : `${kernel}+${lockdown}`;
}

function tell(kernel: string, line: string): void {
  const isVerdict = /^(?:not )?ok /.test(line);
  process.stdout.write(`${isVerdict ? line.replace(/ok /, `ok ${kernel} `) : line}\n`);
}

function fail(kernel: string, what: string): void {
  failed += 1;
  tell(kernel, `not ok ${what}`);
}

/** The rows that are complete. */
async function runOn(
  target: Target,
  folder: string,
  { architecture, deadlineSeconds }: Request,
): Promise<readonly ResultRow[]> {
  const { kernel, lockdown, rungs, files } = target;
  const name = nameOf(target);
  const heard = new GuestConsole();
  const started = Date.now();
  await runGuest(
    {
      ...{
        architecture,
        folder,
        deadlineSeconds,
        log: `${folder}/console${lockdown === null ? "" : `-${lockdown}`}.log`,
      },
      parameters: lockdown === null ? [] : [`lockdown=${lockdown}`],
      settings: { kernel, arch: architecture, rungs: rungs.join(","), files },
    },
    (line) => {
      if (heard.take(line)) tell(name, line);
    },
  );
  passed += heard.tests.filter(({ isOk }) => isOk).length;
  failed += heard.tests.filter(({ isOk }) => !isOk).length + heard.strayFailures;
  tell(name, `# ${name} (${heard.release}): ${Math.round((Date.now() - started) / 1000)} s`);
  const rows = rungs.flatMap((rung) => rowOf(target, architecture, rung, heard) ?? []);
  if (rows.length < rungs.length) for (const line of heard.lastWords()) tell(name, `# ${line}`);
  return files === "" ? rows : [];
}

/** null where the rung did not come to its end, or a suite has nothing to show. */
function rowOf(
  target: Target,
  architecture: Host["architecture"],
  rung: Rung,
  heard: GuestConsole,
): ResultRow | null {
  const host: Host = { kernel: target.kernel, architecture };
  const tests = heard.testsOf(rung);
  if (tests === null) {
    fail(nameOf(target), `${rung} - did not come to its end; the last words:`);
    return null;
  }
  const { release, version } = heard;
  const suites = suiteResultsOf(tests);
  const isAbsent = (suite: Suite) => filesOf(host, rung)[suite] !== undefined && suites[suite] === undefined;
  const absent = target.files === "" ? SUITES.filter(isAbsent) : [];
  for (const suite of absent) fail(nameOf(target), `${rung} ${suite} no test ran`);
  return absent.length > 0 ? null : { ...host, rung, release, version, suites };
}

/** The folder with the kernel, and in it the initramfs for it; null when it can't be had. */
function prepare({ kernel, architecture }: Host, initramfs: string): string | null {
  try {
    const said = execFileSync("test/kernels/fetch-kernel", [kernel, architecture], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "inherit"],
    });
    const folder = said.trim();
    copyFileSync(initramfs, `${folder}/initramfs`);
    appendFileSync(`${folder}/initramfs`, readFileSync(`${folder}/modules.cpio`));
    return folder;
  } catch {
    fail(kernel, "- - fetch");
    return null;
  }
}

async function runAll(request: Request): Promise<void> {
  const { architecture, targets, guestsAtOnce, initramfs } = request;
  const waiting = targets.flatMap((target) => {
    const folder = prepare({ kernel: target.kernel, architecture }, initramfs);
    return folder === null ? [] : [{ target, folder }];
  });
  const rows: ResultRow[] = [];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      rows.push(...(await runOn(next.target, next.folder, request)));
      if (next.target.files === "") write(rows);
    }
  };
  await Promise.all(Array.from({ length: guestsAtOnce }, work));
}

/** After each guest: should the time be up, it is known what those before have found. */
function write(rows: readonly ResultRow[]): void {
  writeFileSync("build/kernels/results.json", `${JSON.stringify({ rows: mergeRows([], rows) }, null, 2)}\n`);
}

function oneOf<Known extends string>(known: readonly Known[], text: string): Known {
  const found = known.find((each) => each === text);
  if (found !== undefined) return found;
  process.stderr.write(`test/kernels/run: "${text}" is none of ${known.join(", ")}\n`);
  process.exit(2);
}

/** "6.1", "6.1=kprobe,proc", "6.1+integrity" or "6.1+integrity=kprobe". */
function targetOf(arg: string): Target {
  const [boot = "", own = RUNG_NAMES] = arg.split("=");
  const [kernel = "", lockdown] = boot.split("+");
  const names = wordsOf(own);
  return {
    kernel: oneOf(KERNELS, kernel),
    lockdown: lockdown === undefined ? null : oneOf(LOCKDOWNS, lockdown),
    files: lockdown === undefined ? wordsOf(FILES).join(",") : LOCKED_DOWN_FILES,
    rungs: names.length === 0 ? TRIED_RUNGS : names.map((name) => oneOf(RUNGS, name)),
  };
}

function wordsOf(text: string): readonly string[] {
  return text.split(/[\s,]+/).filter(Boolean);
}

// Guests go with this process, however that ends.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => process.exit(130));

const tallyPrefix = "--tally=";
const args = process.argv.slice(2);
const tallyPath = args.find((arg) => arg.startsWith(tallyPrefix))?.slice(tallyPrefix.length);
await runAll({
  architecture: oneOf(ARCHITECTURES, ARCH ?? "x86_64"),
  targets: args.filter((arg) => !arg.startsWith(tallyPrefix)).map(targetOf),
  deadlineSeconds: Number(DEADLINE_SECONDS ?? 3600),
  guestsAtOnce: Number(GUESTS ?? Math.min(2, availableParallelism())),
  initramfs: INITRAMFS,
});
process.stdout.write(`${passed} passed, ${failed} failed\n`);
if (tallyPath !== undefined) writeFileSync(tallyPath, `${passed} ${failed}\n`);
process.exitCode = failed === 0 ? 0 : 1;
