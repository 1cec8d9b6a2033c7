import { execFileSync } from "node:child_process";
import { appendFileSync, copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { RUNGS, type Rung } from "../../src/model/rung.js";
import { GuestConsole } from "./console.js";
import { runGuest } from "./guest.js";
import { ARCHITECTURES, filesOf, type Host, KERNELS, type Kernel, SUITES, TRIED_RUNGS } from "./matrix.js";
import { mergeRows, type ResultRow, suiteResultsOf } from "./results.js";

// Boots the kernels, tells the tests, writes what was found; test/kernels/run says how it is called.

interface Request {
  readonly architecture: Host["architecture"];
  readonly kernels: readonly Kernel[];
  readonly rungs: readonly Rung[];
  /** Of test files to run instead of the suites'; nothing is recorded then. */
  readonly files: string;
  readonly deadlineSeconds: number;
  readonly guestsAtOnce: number;
  readonly initramfs: string;
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

/** The rows that are complete; none of a guest that did not come to its end. */
async function runOn(kernel: Kernel, folder: string, request: Request): Promise<readonly ResultRow[]> {
  const { architecture, rungs, files, deadlineSeconds } = request;
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
  if (!heard.isComplete()) {
    fail(kernel, `- - did not come to its end within ${deadlineSeconds} s; its last words:`);
    for (const line of heard.lastWords()) tell(kernel, `# ${line}`);
    return [];
  }
  if (files !== "") return [];
  return rungs.flatMap((rung) => {
    const suites = suiteResultsOf(heard.tests.filter((test) => test.rung === rung));
    const absent = SUITES.filter(
      (suite) => filesOf(host, rung)[suite] !== undefined && suites[suite] === undefined,
    );
    for (const suite of absent) fail(kernel, `${rung} ${suite} no test ran`);
    const { release, version } = heard;
    return absent.length > 0 ? [] : [{ kernel, architecture, rung, release, version, suites }];
  });
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
  const { architecture, kernels, guestsAtOnce, files, initramfs } = request;
  const waiting = kernels.flatMap((kernel) => {
    const folder = prepare({ kernel, architecture }, initramfs);
    return folder === null ? [] : [{ kernel, folder }];
  });
  const rows: ResultRow[] = [];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      rows.push(...(await runOn(next.kernel, next.folder, request)));
    }
  };
  await Promise.all(Array.from({ length: guestsAtOnce }, work));
  if (files !== "") return;
  writeFileSync("build/kernels/results.json", `${JSON.stringify({ rows: mergeRows([], rows) }, null, 2)}\n`);
}

function oneOf<Known extends string>(known: readonly Known[], text: string): Known {
  const found = known.find((each) => each === text);
  if (found !== undefined) return found;
  process.stderr.write(`test/kernels/run: "${text}" is none of ${known.join(", ")}\n`);
  process.exit(2);
}

// Guests go with this process, however that ends.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => process.exit(130));

const tallyPrefix = "--tally=";
const args = process.argv.slice(2);
const tallyPath = args.find((arg) => arg.startsWith(tallyPrefix))?.slice(tallyPrefix.length);
const rungNames = RUNG_NAMES.split(/[\s,]+/).filter(Boolean);
await runAll({
  architecture: oneOf(ARCHITECTURES, ARCH ?? "x86_64"),
  kernels: args.filter((arg) => !arg.startsWith(tallyPrefix)).map((name) => oneOf(KERNELS, name)),
  rungs: rungNames.length === 0 ? TRIED_RUNGS : rungNames.map((name) => oneOf(RUNGS, name)),
  files: FILES.split(/[\s,]+/)
    .filter(Boolean)
    .join(","),
  deadlineSeconds: Number(DEADLINE_SECONDS ?? 840),
  guestsAtOnce: Number(GUESTS ?? Math.min(2, availableParallelism())),
  initramfs: INITRAMFS,
});
process.stdout.write(`${passed} passed, ${failed} failed\n`);
if (tallyPath !== undefined) writeFileSync(tallyPath, `${passed} ${failed}\n`);
process.exitCode = failed === 0 ? 0 : 1;
