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
  SUITES,
  type Suite,
  TRIED_RUNGS,
} from "./matrix.js";
import { mergeRows, type ResultRow, suiteResultsOf } from "./results.js";

// Boots the kernels, tells the tests, writes what was found; test/kernels/run says how it is called.

interface Request {
  readonly architecture: Host["architecture"];
  readonly targets: readonly Target[];
  /** Of test files to run instead of the suites'; nothing is recorded then. */
  readonly files: string;
  readonly deadlineSeconds: number;
  readonly guestsAtOnce: number;
  readonly initramfs: string;
}

/** A kernel, and the rungs to try on it. */
interface Target {
  readonly kernel: Kernel;
  readonly rungs: readonly Rung[];
}

const { ARCH, RUNGS: RUNG_NAMES = "", FILES = "", DEADLINE_SECONDS, GUESTS, INITRAMFS = "" } = process.env;
let passed = 0;
let failed = 0;

function tell(kernel: Kernel, line: string): void {
  const isVerdict = /^(?:not )?ok /.test(line);
  process.stdout.write(`${isVerdict ? line.replace(/ok /, `ok ${kernel} `) : line}\n`);
}

function fail(kernel: Kernel, what: string): void {
  failed += 1;
  tell(kernel, `not ok ${what}`);
}

/** The rows that are complete. */
async function runOn(
  { kernel, rungs }: Target,
  folder: string,
  { architecture, files, deadlineSeconds }: Request,
): Promise<readonly ResultRow[]> {
  const host: Host = { kernel, architecture };
  const heard = new GuestConsole();
  const started = Date.now();
  await runGuest(
    {
      ...{ architecture, folder, deadlineSeconds },
      settings: { kernel, arch: architecture, rungs: rungs.join(","), files },
    },
    (line) => {
      if (heard.take(line)) tell(kernel, line);
    },
  );
  passed += heard.tests.filter(({ isOk }) => isOk).length;
  failed += heard.tests.filter(({ isOk }) => !isOk).length + heard.strayFailures;
  tell(kernel, `# ${kernel} (${heard.release}): ${Math.round((Date.now() - started) / 1000)} s`);
  const rows = rungs.flatMap((rung) => rowOf(host, rung, heard) ?? []);
  if (rows.length < rungs.length) for (const line of heard.lastWords()) tell(kernel, `# ${line}`);
  return rows;
}

/** null where the rung did not come to its end, or a suite has nothing to show. */
function rowOf(host: Host, rung: Rung, heard: GuestConsole): ResultRow | null {
  const tests = heard.testsOf(rung);
  if (tests === null) {
    fail(host.kernel, `${rung} - did not come to its end; the last words:`);
    return null;
  }
  const { release, version } = heard;
  const suites = suiteResultsOf(tests);
  const isAbsent = (suite: Suite) => filesOf(host, rung)[suite] !== undefined && suites[suite] === undefined;
  const absent = FILES === "" ? SUITES.filter(isAbsent) : [];
  for (const suite of absent) fail(host.kernel, `${rung} ${suite} no test ran`);
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
  const { architecture, targets, guestsAtOnce, files, initramfs } = request;
  const waiting = targets.flatMap((target) => {
    const folder = prepare({ kernel: target.kernel, architecture }, initramfs);
    return folder === null ? [] : [{ target, folder }];
  });
  const rows: ResultRow[] = [];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      rows.push(...(await runOn(next.target, next.folder, request)));
      if (files === "") write(rows);
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

/** "6.1", or "6.1=kprobe,proc". */
function targetOf(arg: string): Target {
  const [kernel = "", own = RUNG_NAMES] = arg.split("=");
  const names = own.split(/[\s,]+/).filter(Boolean);
  return {
    kernel: oneOf(KERNELS, kernel),
    rungs: names.length === 0 ? TRIED_RUNGS : names.map((name) => oneOf(RUNGS, name)),
  };
}

// Guests go with this process, however that ends.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => process.exit(130));

const tallyPrefix = "--tally=";
const args = process.argv.slice(2);
const tallyPath = args.find((arg) => arg.startsWith(tallyPrefix))?.slice(tallyPrefix.length);
await runAll({
  architecture: oneOf(ARCHITECTURES, ARCH ?? "x86_64"),
  targets: args.filter((arg) => !arg.startsWith(tallyPrefix)).map(targetOf),
  files: FILES.split(/[\s,]+/)
    .filter(Boolean)
    .join(","),
  deadlineSeconds: Number(DEADLINE_SECONDS ?? 3600),
  guestsAtOnce: Number(GUESTS ?? Math.min(2, availableParallelism())),
  initramfs: INITRAMFS,
});
process.stdout.write(`${passed} passed, ${failed} failed\n`);
if (tallyPath !== undefined) writeFileSync(tallyPath, `${passed} ${failed}\n`);
process.exitCode = failed === 0 ? 0 : 1;
