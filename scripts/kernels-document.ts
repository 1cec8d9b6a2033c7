import { SUITES, type Suite } from "../test/kernels/matrix.js";
import type { Note, ResultRow, SuiteResult } from "../test/kernels/results.js";

const INTRODUCTION = `# Kernels

<!-- Written by scripts/generate-docs.ts from test/kernels/results.json; do not edit. -->

What each rung shows on Debian's own kernels. Each cell is what tests found in an emulated machine that booted that kernel, with
tcptop as it is in this repository:

\`\`\`
make test-kernels KERNELS="5.10 6.1 6.12 7"     # then again with ARCH=arm64 KERNELS=6.12
make kernels-document                           # after each: takes what was found into this page
\`\`\`

- **Loads**: with \`--rung\` it starts, every program of the rung loaded and attached, shows two frames and ends with status 0.
  A "no" is expected of that kernel, and tested too: status 3 and one line that says why.
- **Exact TCP**, **Exact UDP**: the bytes of both ends are those that the traffic generators know of themselves, to the byte, while
  sockets are open and in their last rows. TCP: sendfile, splice, zero copy, io_uring, MPTCP, half-closed, orphaned, reset, killed.
  On \`fentry\` and \`kprobe\` also: what single calls returned, told at the kernel's functions, sums up to what the socket counted.
- **Owners**: the processes that hold a connection: forked, inherited, passed over a socket; and how each is known.
- **Short-lived**: connections that end between two looks, each shown once, with its bytes and its process.

"–": the rung does not know this, and tests find that it says so and claims nothing; or it does not load there.
A "no" behind a "yes" of **Loads**: less is counted than was moved, never more, and tests find that each call less is told
([accuracy.md](accuracy.md#udp)).

On a kernel of your own, \`tcptop doctor\` says which rungs it has and which one is taken, and \`tcptop selftest\` measures the same
kind of traffic there.`;

const TITLES: Readonly<Record<Suite, string>> = {
  loads: "Loads",
  "exact-tcp": "Exact TCP",
  "exact-udp": "Exact UDP",
  owners: "Owners",
  "short-lived": "Short-lived",
};

/** docs/kernels.md, from what runs of the matrix found. */
export function kernelsDocument(rows: readonly ResultRow[]): string {
  const footnotes = new Footnotes();
  const cells = rows.map((row) => [
    `${row.version.replace(/^Debian /, "")} (${row.release})`,
    row.architecture,
    `\`${row.rung}\``,
    ...SUITES.map((suite) => cellOf(row.suites[suite], footnotes)),
  ]);
  const titles = ["Kernel", "Architecture", "Rung", ...SUITES.map((suite) => TITLES[suite])];
  return `${[INTRODUCTION, markdownTable(titles, cells), footnotes.text()].filter(Boolean).join("\n\n")}\n`;
}

/** No tests: the rung did not load. */
function cellOf(result: SuiteResult | undefined, footnotes: Footnotes): string {
  if (result === undefined) return "–";
  const { failed, notes } = result;
  if (failed.length > 0) return `**no** ${footnotes.mark(`Failed: ${failed.join("; ")}`)}`;
  const has = (kind: Note["kind"]): boolean => notes.some((note) => note.kind === kind);
  const word = has("lack") ? "–" : "yes";
  return [
    has("refusal") || has("shortfall") ? "no" : word,
    ...notes.map(({ text }) => footnotes.mark(text)),
  ].join(" ");
}

/** Numbered as they come; one text has one number. */
class Footnotes {
  readonly #texts: string[] = [];

  mark(text: string): string {
    if (!this.#texts.includes(text)) this.#texts.push(text);
    return `[${this.#texts.indexOf(text) + 1}]`;
  }

  text(): string {
    return this.#texts.map((text, index) => `${index + 1}. ${plain(text)}`).join("\n");
  }
}

/** Without what Markdown would take for its own. */
function plain(text: string): string {
  return text.replaceAll(/[\\`*_|<>[\]]/g, "\\$&");
}

function markdownTable(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  return [titles, titles.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
