import { keepForAutomaticChoice } from "./least-privilege.js";

/** What asks for something else than to watch, or for a rung that may need less: seen to when all options are read. */
const NOT_PLAIN = /^(--help|-h|--version|--rung(=.*)?|--debug)$/;

/** Loading the rest takes time that a second start would take again, so what can be told by the eye is told before. */
function watchesPlainly(argv: readonly string[]): boolean {
  const isCommand = argv[0] !== undefined && !argv[0].startsWith("-");
  return !isCommand && !argv.some((word) => NOT_PLAIN.test(word));
}

const argv = process.argv.slice(2);
if (watchesPlainly(argv)) await keepForAutomaticChoice();
const { run } = await import("./run.js");
// A wait in the kernel must not keep the process: leave, whatever is still pending.
process.exit(await run(argv));
